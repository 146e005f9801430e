"""Take pictures in, describe them, show their files."""

import logging
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.kernel.errors import LoaError
from loa.library import actions, queries, storage, wording
from loa.library.forms import CaptionsForm, ConsentForm, DescribeForm, RightsForm
from loa.library.models import Asset, Rendition
from loa.library.rules.rights import standing
from loa.library.views.folders import folder_address, folder_in
from loa.ops import clock
from loa.web import toasts, uploads
from loa.web.files import send_file
from loa.workspace.access import LoaRequest, requires

CHOICES = 24
_log = logging.getLogger(__name__)


@require_GET
@requires("can_compose")
def choose_assets(request: LoaRequest) -> HttpResponse:
    """Offer pictures to a composer, to be picked from a dialog."""
    words = request.GET.get("words", "").strip()
    found = queries.offered(request.workspace, words=words)[:CHOICES]
    return render(request, "library/choices.html", {"assets": found, "words": words})


@require_POST
@requires("can_compose")
def upload_assets(request: LoaRequest) -> HttpResponseBase:
    """Take pictures in. A script gets the new tiles, or a sentence for each one refused."""
    kept, refusals = _take_in(request)
    folder = folder_in(request, request.POST.get("folder", ""))
    if kept and folder:
        actions.move_assets([one.pk for one in kept], folder=folder, by=request.member)
    if not request.is_htmx:
        for words in refusals:
            toasts.warn(request, words)
        if kept:
            toasts.tell(request, _("Added to the library."))
        return redirect(folder_address(request, folder))
    return render(
        request,
        "library/uploaded.html",
        {"assets": kept, "refusals": refusals},
        status=HTTPStatus.OK if kept else HTTPStatus.UNPROCESSABLE_ENTITY,
    )


@require_http_methods(["GET", "POST"])
@requires("can_view")
def show_asset_page(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Show one picture, and let it be described."""
    asset = asset_of(request, asset_id)
    if request.method != "POST":
        return asset_page(request, asset)
    if not request.member.may("can_compose"):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return asset_page(request, asset, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actions.describe_asset(asset, alt_text=form.words, focus=form.focus)
    toasts.tell(request, _("Saved. New posts use this description."))
    return redirect(address(request, asset))


def asset_page(
    request: LoaRequest,
    asset: Asset,
    *,
    form: DescribeForm | None = None,
    rights_form: RightsForm | None = None,
    consent_form: ConsentForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """Show one picture; forms: as they were refused."""
    today = timezone.localdate(clock.now())
    versions = list(queries.versions_of(asset))
    older = queries.count_uses(request.workspace, [one.pk for one in versions[1:]])
    return render(
        request,
        "library/asset.html",
        {
            "asset": asset,
            "form": form or DescribeForm.of(asset),
            "rights_form": rights_form or RightsForm.of(asset),
            "consent_form": consent_form or ConsentForm(),
            "versions": versions,
            "newest": versions[0],
            "older_uses": sum(older.values()),
            "used_in": queries.list_uses(asset),
            "tags": asset.tags.order_by("key", "pk"),
            "folders": queries.tree(request.workspace),
            "consents": asset.consents.order_by("person", "pk"),
            "standing": standing(asset.usable_until, today=today),
            "today": today,
            "may_change": request.member.may("can_compose"),
            **_of_film(asset),
        },
        status=status,
    )


def _of_film(asset: Asset) -> dict[str, Any]:
    """Return what the page of a video shows beside what it shows of any asset."""
    if not asset.is_video:
        return {}
    cover = Rendition.objects.filter(asset=asset, need=queries.COVER).first()
    return {
        "captions_form": CaptionsForm(),
        "cover_version": storage.name_of(cover.storage_key) if cover else "",
        "cover_at_s": (asset.film.cover_ms or 0) / 1000,
        "cover_last_s": asset.film.duration_ms / 1000,
    }


@require_POST
@requires("can_compose")
def archive_asset(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Put a picture away."""
    asset = asset_of(request, asset_id)
    actions.archive_asset(asset)
    undo = reverse("library:restore-asset", args=[request.workspace.slug, asset.pk])
    used = queries.count_uses(request.workspace, [asset.pk])
    toasts.tell_with_undo(request, wording.put_away(1, used=len(used)), undo_url=undo)
    return redirect("library:library", workspace_slug=request.workspace.slug)


@require_POST
@requires("can_compose")
def restore_asset(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Bring a picture back that was put away."""
    asset = asset_of(request, asset_id)
    actions.restore_asset(asset)
    return redirect(address(request, asset))


@require_GET
@requires("can_view")
def show_file(request: LoaRequest, asset_id: int, size: str) -> HttpResponseBase:
    """Send the bytes of a picture to a member: its thumbnail, a preview, or the original."""
    asset = asset_of(request, asset_id)
    file: Asset | Rendition = asset
    if size != "original":
        file = get_object_or_404(Rendition, asset=asset, need=size)
    etag = f'"{storage.name_of(file.storage_key)}"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), etag)
    try:
        stream = storage.open_file(file.storage_key)
    except storage.FileMissing:
        raise Http404 from None
    except storage.StorageError:
        _log.exception("a file could not be read")
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    response = send_file(
        request,
        stream,
        size_bytes=file.size_bytes,
        mime_type=file.mime_type,
        filename=asset.filename,
        as_attachment="download" in request.GET,
    )
    return _guarded(response, etag)


def _guarded[R: HttpResponseBase](response: R, etag: str) -> R:
    """Let the browser keep the bytes for this person, and show them as a picture only."""
    response.headers["ETag"] = etag
    # What an id means can change (a lost file sent again), so the browser asks each hour.
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _take_in(request: LoaRequest) -> tuple[list[Asset], list[str]]:
    if uploads.too_large(request):
        return [], [wording.too_large()]
    files = request.FILES.getlist("file")
    if not files:
        return [], [_("No picture was chosen. Choose one and send it again.")]
    kept, refusals = [], []
    for file in files:
        try:
            kept.append(_keep(file, request=request))
        except wording.REFUSED as error:
            refusals.append(_refusal(error, file))
    return kept, refusals


def _keep(file: "UploadedFile[Any]", *, request: LoaRequest) -> Asset:
    content = cast("BinaryIO", file)
    return actions.keep_upload(content, filename=file.name or "", by=request.member)


def _refusal(error: LoaError, file: "UploadedFile[Any]") -> str:
    return wording.refusal(error, filename=file.name or "")


def asset_of(request: LoaRequest, asset_id: int) -> Asset:
    """Return an asset of the workspace; 404 for any other."""
    assets = Asset.objects.in_workspace(request.workspace).select_related("film")
    return get_object_or_404(assets, pk=asset_id)


def address(request: LoaRequest, asset: Asset) -> str:
    """Return where the page of an asset is."""
    return reverse("library:asset", args=[request.workspace.slug, asset.pk])
