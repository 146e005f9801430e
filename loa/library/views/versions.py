"""Take in a new version of a picture or a video."""

from http import HTTPStatus
from typing import BinaryIO, cast

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.library import actions, wording
from loa.library.models import Asset
from loa.library.views.assets import address, asset_of
from loa.web import toasts, uploads
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_compose")
def add_version(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Keep a new version, and go to its page. A script is told what became of it, as of uploads."""
    asset = asset_of(request, asset_id)
    if uploads.too_large(request):
        return _refuse(request, asset, wording.too_large())
    file = request.FILES.get("file")
    if file is None:
        return _refuse(request, asset, _("No file was chosen. Choose one and send it again."))
    name = file.name or ""
    try:
        version = actions.add_version(
            cast("BinaryIO", file), of=asset, filename=name, by=request.member
        )
    except wording.REFUSED as error:
        known = error.asset if isinstance(error, actions.AlreadyKept) else asset
        return _refuse(request, known, wording.refusal(error, filename=name))
    if request.is_htmx:
        return render(request, "library/uploaded.html", {"assets": [version]})
    toasts.tell(request, _("This is the newest version now. Posts keep the one they show."))
    return redirect(address(request, version))


def _refuse(request: LoaRequest, asset: Asset, words: str) -> HttpResponseBase:
    """Say why nothing was kept: beside the file where a script sent it, else on `asset`'s page."""
    if request.is_htmx:
        return render(
            request,
            "library/uploaded.html",
            {"refusals": [words]},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    toasts.warn(request, words)
    return redirect(address(request, asset))
