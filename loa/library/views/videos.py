"""What is special about a video's page: its cover, its captions, the renditions being made."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.library import actions, wording
from loa.library.forms import CaptionsForm, CoverForm
from loa.library.models import Asset, Captions, RenditionOrder
from loa.library.rules.captions import CaptionsUnreadable
from loa.web import toasts, uploads
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_compose")
def change_cover(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Take another moment of the video, or a picture that was sent, as its cover."""
    video = _video(request, asset_id)
    if uploads.too_large(request):
        toasts.warn(request, wording.too_large())
        return _back(request, video)
    form = CoverForm(request.POST, request.FILES)
    if not form.is_valid():
        toasts.warn(request, form.problem)
        return _back(request, video)
    try:
        if form.picture is not None:
            actions.upload_cover(video, form.picture)
        else:
            actions.take_cover(video, at_ms=form.at_ms)
    except (actions.NoSuchMoment, *wording.REFUSED) as error:
        toasts.warn(request, wording.refusal(error, filename=form.picture_name))
    else:
        toasts.tell(request, _("This is the cover now."))
    return _back(request, video)


@require_POST
@requires("can_compose")
def add_captions(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Keep a captions file in one language."""
    video = _video(request, asset_id)
    form = CaptionsForm(request.POST, request.FILES)
    if uploads.too_large(request) or not form.is_valid():
        toasts.warn(request, form.problem)
        return _back(request, video)
    try:
        actions.keep_captions(video, form.content, language=form.language)
    except CaptionsUnreadable as error:
        toasts.warn(request, wording.captions_refusal(error))
    else:
        toasts.tell(request, _("The captions are kept. Platforms that take captions get them."))
    return _back(request, video)


@require_POST
@requires("can_compose")
def remove_captions(request: LoaRequest, asset_id: int, language: str) -> HttpResponseBase:
    """Take the captions of one language away."""
    video = _video(request, asset_id)
    actions.remove_captions(video, language=language)
    return _back(request, video)


@require_GET
@requires("can_view")
def show_captions(request: LoaRequest, asset_id: int, language: str) -> HttpResponseBase:
    """Send captions to the player of the page."""
    captions = get_object_or_404(
        Captions.objects.in_workspace(request.workspace), asset_id=asset_id, language=language
    )
    response = HttpResponse(captions.vtt, content_type="text/vtt; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@requires("can_compose")
def cancel_order(request: LoaRequest, asset_id: int, order_id: int) -> HttpResponseBase:
    """Stop making a rendition."""
    order = _order(request, asset_id, order_id)
    if not actions.cancel_order(order):
        toasts.warn(request, _("It was done already."))
    return _back(request, order.asset)


@require_POST
@requires("can_compose")
def restart_order(request: LoaRequest, asset_id: int, order_id: int) -> HttpResponseBase:
    """Make a rendition again that failed or was stopped."""
    order = _order(request, asset_id, order_id)
    actions.restart_order(order)
    return _back(request, order.asset)


def _video(request: LoaRequest, asset_id: int) -> Asset:
    videos = Asset.objects.in_workspace(request.workspace).filter(film__isnull=False)
    return get_object_or_404(videos.select_related("film"), pk=asset_id)


def _order(request: LoaRequest, asset_id: int, order_id: int) -> RenditionOrder:
    orders = RenditionOrder.objects.in_workspace(request.workspace).select_related("asset")
    return get_object_or_404(orders, pk=order_id, asset_id=asset_id)


def _back(request: LoaRequest, video: Asset) -> HttpResponseBase:
    return redirect("library:asset", request.workspace.slug, video.pk)
