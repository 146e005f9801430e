"""The protocol by which a browser sends a file in pieces: begin, add, ask, take, drop.

Modelled on tus 1.0 (docs/decisions/0121). Answers are headers (Upload-Offset, Upload-Length,
Upload-Checksum) and, when something is refused, a sentence as plain text.
"""

from http import HTTPStatus
from typing import BinaryIO, cast

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loa.kernel.errors import LoaError
from loa.library import actions, storage, wording
from loa.library.forms import BeginForm, whole_number
from loa.library.models import Upload
from loa.library.views.assets import asset_of
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_compose")
def begin_upload(request: LoaRequest, asset_id: int | None = None) -> HttpResponseBase:
    """Announce a file; 201 and its address, or 200 when it goes on where it stopped.

    asset_id: what it will be a new version of.
    """
    version_of = asset_of(request, asset_id) if asset_id is not None else None
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _refuse(form.errors.as_text(), HTTPStatus.BAD_REQUEST)
    name = form.cleaned_data["name"]
    try:
        upload = actions.begin_upload(
            by=request.member,
            filename=name,
            size_bytes=form.cleaned_data["size_bytes"],
            modified_ms=form.cleaned_data["modified_ms"] or 0,
            version_of=version_of,
        )
    except actions.NoRoomForUpload as error:
        words = wording.no_room(error.why, filename=name)
        return _refuse(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except wording.REFUSED as error:
        return _refused(error, name)
    answer = _state(upload, HTTPStatus.OK if upload.offset_bytes else HTTPStatus.CREATED)
    answer.headers["Location"] = reverse("library:upload", args=[request.workspace.slug, upload.pk])
    return answer


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@requires("can_compose")
def change_upload(request: LoaRequest, upload_id: int) -> HttpResponseBase:
    """Tell how far an upload is, add a piece to it, or give it up."""
    upload = _own(request, upload_id)
    if request.method == "PATCH":
        return _add(request, upload)
    if request.method == "DELETE":
        actions.drop_upload(upload)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _state(actions.settled(upload), HTTPStatus.OK)


@require_POST
@requires("can_compose")
def take_upload(request: LoaRequest, upload_id: int) -> HttpResponseBase:
    """Make an asset of a file that has arrived; the answer is that of a plain upload."""
    upload = _own(request, upload_id)
    checksum = whole_number(request.POST.get("checksum", ""))
    if checksum is None:
        return _refuse(_("The checksum is missing."), HTTPStatus.BAD_REQUEST)
    try:
        asset = actions.take_upload(upload, checksum=checksum, by=request.member)
    except Upload.DoesNotExist:
        raise Http404 from None
    except actions.WrongPiece as error:
        return _conflict(error.offset_bytes)
    except actions.DamagedUpload:
        return _conflict(0)
    except storage.StorageError as error:
        return _refused(error, upload.filename)
    except wording.REFUSED as error:
        words = [wording.refusal(error, filename=upload.filename)]
        return _taken(request, {"refusals": words}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _taken(request, {"assets": [asset]}, HTTPStatus.OK)


@require_POST
@requires("can_compose")
def drop_upload(request: LoaRequest, upload_id: int) -> HttpResponseBase:
    """Give an upload up, by a plain form."""
    actions.drop_upload(_own(request, upload_id))
    return redirect("library:library", workspace_slug=request.workspace.slug)


def _add(request: LoaRequest, upload: Upload) -> HttpResponseBase:
    at = whole_number(request.headers.get("Upload-Offset", ""))
    length = whole_number(request.headers.get("Content-Length", ""))
    if at is None or length is None:
        return _refuse(
            _("A piece says where it begins and how long it is."), HTTPStatus.BAD_REQUEST
        )
    try:
        upload = actions.add_piece(upload, cast("BinaryIO", request), at=at, length=length)
    except Upload.DoesNotExist:
        raise Http404 from None
    except actions.WrongPiece as error:
        return _conflict(error.offset_bytes)
    except actions.TooMuchSent:
        words = _("That is more than was announced, so it was not kept.")
        return _refuse(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except wording.REFUSED as error:
        return _refused(error, upload.filename)
    return _state(upload, HTTPStatus.NO_CONTENT)


def _taken(request: LoaRequest, found: dict[str, object], status: HTTPStatus) -> HttpResponseBase:
    return render(request, "library/uploaded.html", found, status=status)


def _refused(error: LoaError, filename: str) -> HttpResponse:
    """Return the sentence; 507 and 503 say that the same may work later."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, storage.StorageFull):
        status = HTTPStatus.INSUFFICIENT_STORAGE
    elif isinstance(error, storage.StorageError):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    return _refuse(wording.refusal(error, filename=filename), status)


def _refuse(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _conflict(offset_bytes: int) -> HttpResponse:
    answer = HttpResponse(status=HTTPStatus.CONFLICT)
    answer.headers["Upload-Offset"] = str(offset_bytes)
    return answer


def _state(upload: Upload, status: HTTPStatus) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer.headers["Upload-Offset"] = str(upload.offset_bytes)
    answer.headers["Upload-Length"] = str(upload.size_bytes)
    answer.headers["Upload-Checksum"] = str(upload.checksum)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _own(request: LoaRequest, upload_id: int) -> Upload:
    """Return an upload of this very member; to all others it is not there."""
    found = Upload.objects.in_workspace(request.workspace).filter(sent_by=request.member)
    return get_object_or_404(found, pk=upload_id)
