"""How late a missed post still goes out by itself."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loa.publish import actions, wording
from loa.publish.rules import lateness
from loa.web.toasts import tell, warn
from loa.workspace.access import LoaRequest, requires


@require_http_methods(["GET", "POST"])
@requires("can_manage_workspace")
def show_lateness(request: LoaRequest) -> HttpResponse:
    """Show and set it."""
    if request.method == "POST":
        typed = request.POST.get("minutes", "")
        minutes = int(typed) if typed.isdecimal() and len(typed) < 6 else 0  # noqa: PLR2004
        try:
            within = timedelta(minutes=minutes)
            actions.set_lateness(request.workspace, within=within, by=request.member)
        except actions.NoSuchWait:
            warn(request, _("Choose one of the times in the list."))
        else:
            tell(request, _("Saved. It holds for what waits already, too."))
        return redirect("publish:lateness", request.workspace.slug)
    choices = [
        (int(one.total_seconds()) // 60, wording.stretch(int(one.total_seconds())))
        for one in lateness.CHOICES
    ]
    here = request.workspace.sends_late_within_s // 60
    return render(request, "publish/lateness.html", {"choices": choices, "here": here})
