"""Copy a week: which one, to which, on which channels; then what was made and left out."""

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import actions, queries
from loa.plan.actions import Copied
from loa.plan.forms import read_page
from loa.plan.forms.together import CopyWeekForm
from loa.plan.rules import days
from loa.plan.views.undoing import as_done, undo_address
from loa.plan.wording import together as say
from loa.web.toasts import tell, tell_with_undo
from loa.workspace.access import LoaRequest, requires


@require_http_methods(["GET", "POST"])
@requires("can_compose")
def copy_week(request: LoaRequest) -> HttpResponseBase:
    """Ask which week to copy where, and begin its drafts."""
    today = days.today(clock.now(), request.workspace.time_zone)
    channels = [week.channel for week in queries.channel_weeks(request.workspace)]
    if request.method == "GET":
        on = read_page(request.GET, today=today).on
        first = days.monday_of(on)
        initial = {
            "week": first,
            "to": first + timedelta(weeks=1),
            "channels": [str(one.pk) for one in channels],
        }
        return _form(request, CopyWeekForm(initial=initial, channels=channels))
    form = CopyWeekForm(request.POST, channels=channels)
    if not form.is_valid():
        return _form(request, form)
    given = form.cleaned_data
    try:
        copied = actions.copy_week(
            week=given["week"], to=given["to"], channel_ids=given["channels"], by=request.member
        )
    except LoaError as refusal:
        return _form(request, form, error=say.refusal(refusal))
    path = reverse("plan:calendar", args=[request.workspace.slug])
    there = f"{path}?{urlencode({'view': 'week', 'on': given['to'].isoformat()})}"
    return _told(request, copied, there, {one.pk: one.name for one in channels})


def _told(
    request: LoaRequest, copied: Copied, there: str, names: dict[int, str]
) -> HttpResponseBase:
    if copied.posts:
        words = say.done("copy", len(copied.posts))
        if copied.skipped_count:
            words = f"{words} {say.clock_skipped(copied.skipped_count)}"
        undo = undo_address(request, "copy", as_done(copied.posts), back=there)
        tell_with_undo(request, words, undo_url=undo)
    elif not copied.left_out:
        tell(request, _("Nothing is planned in that week on these channels."))
    if not copied.left_out:
        return redirect(there)
    left = [
        (names.get(one.placed.channel_id, ""), one.placed.at.local, say.left_out(one.why))
        for one in copied.left_out
    ]
    context = {"left": left, "made_count": len(copied.posts), "there": there}
    return render(request, "plan/copy_week_done.html", context)


def _form(request: LoaRequest, form: CopyWeekForm, *, error: str = "") -> HttpResponse:
    is_wrong = error or (form.is_bound and not form.is_valid())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "plan/copy_week.html", {"form": form, "error": error}, status=status)
