"""Take in a new version of a picture."""

from typing import BinaryIO, cast

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.library import actions, wording
from loa.library.views.assets import address, asset_of
from loa.web import toasts, uploads
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_compose")
def add_version(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Keep a new version, and go to its page."""
    asset = asset_of(request, asset_id)
    if uploads.too_large(request):
        toasts.warn(request, wording.too_large())
        return redirect(address(request, asset))
    file = request.FILES.get("file")
    if file is None:
        toasts.warn(request, _("No picture was chosen. Choose one and send it again."))
        return redirect(address(request, asset))
    name = file.name or ""
    try:
        version = actions.add_version(
            cast("BinaryIO", file), of=asset, filename=name, by=request.member
        )
    except actions.AlreadyKept as known:
        words = _("The library has this very file already: here it is. Nothing was changed.")
        toasts.warn(request, words)
        return redirect(address(request, known.asset))
    except wording.REFUSED as error:
        toasts.warn(request, wording.refusal(error, filename=name))
        return redirect(address(request, asset))
    toasts.tell(request, _("This is the newest version now. Posts keep the one they show."))
    return redirect(address(request, version))
