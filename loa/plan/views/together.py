"""Many posts at once: choose what to do with them, do it, and list what stayed and why."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from loa.content.models import Campaign, Post
from loa.create.queries.lists import rows_of
from loa.plan import actions
from loa.plan.actions import Together, TooManyAtOnce
from loa.plan.forms.together import DayForm, ShiftForm, chosen_posts
from loa.plan.views.undoing import undo_address
from loa.plan.wording import together as say
from loa.web.toasts import tell_with_undo, warn
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_compose")
def show_together(request: LoaRequest) -> HttpResponseBase:
    """Show the chosen posts and what can be done with all of them."""
    return _page(request, request.GET)


@require_POST
@requires("can_schedule")
def shift_together(request: LoaRequest) -> HttpResponseBase:
    """Move the posts by days and hours."""
    return _move(request, ShiftForm(request.POST), "shift")


@require_POST
@requires("can_schedule")
def move_to_day(request: LoaRequest) -> HttpResponseBase:
    """Move the posts to a day, each at its own local time."""
    return _move(request, DayForm(request.POST), "day")


@require_POST
@requires("can_schedule")
def queue_together(request: LoaRequest) -> HttpResponseBase:
    """Let the posts wait for the next free slots."""
    return _answer(
        request,
        "queue",
        lambda: actions.queue_together(chosen_posts(request.POST), by=request.member),
    )


@require_POST
@requires("can_compose")
def label_together(request: LoaRequest) -> HttpResponseBase:
    """Label the posts with a campaign, or take the label away."""
    campaign, number = None, request.POST.get("campaign", "")
    if number.isdecimal():
        campaigns = Campaign.objects.in_workspace(request.workspace)
        campaign = get_object_or_404(campaigns, pk=number)
    return _answer(
        request,
        "label",
        lambda: actions.label_together(
            chosen_posts(request.POST), campaign=campaign, by=request.member
        ),
    )


@require_POST
@requires("can_compose")
def delete_together(request: LoaRequest) -> HttpResponseBase:
    """Put the posts in the bin."""
    return _answer(
        request,
        "delete",
        lambda: actions.delete_together(chosen_posts(request.POST), by=request.member),
    )


def _move(request: LoaRequest, form: ShiftForm | DayForm, name: str) -> HttpResponseBase:
    if not form.is_valid():
        forms_shown: dict[str, forms.Form] = {name: form}
        return _page(request, request.POST, status=HTTPStatus.UNPROCESSABLE_ENTITY, **forms_shown)
    return _answer(
        request,
        "move",
        lambda: actions.move_together(
            chosen_posts(request.POST), change=form.change(), by=request.member
        ),
    )


def _answer(request: LoaRequest, verb: str, act: Any) -> HttpResponseBase:
    """Do it; go back when all went well, else list what stayed."""
    back = back_to(request, request.POST)
    try:
        together: Together = act()
    except TooManyAtOnce as refusal:
        warn(request, say.refusal(refusal))
        return _page(request, request.POST, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if together.done:
        words = say.done(verb, len(together.done))
        skipped = sum(one.was_skipped for one in together.done)
        if skipped:
            words = f"{words} {say.clock_skipped(skipped)}"
        undo = undo_address(request, verb, together.done, back=back)
        tell_with_undo(request, words, undo_url=undo)
    if not together.refused:
        return redirect(back)
    stayed = [(one.post, say.refusal(one.why)) for one in together.refused]
    context = {"stayed": stayed, "done_count": len(together.done), "back": back}
    return render(request, "plan/together_done.html", context, status=HTTPStatus.CONFLICT)


def back_to(request: LoaRequest, asked: QueryDict) -> str:
    """Return where the person came from, when it is a page of this workspace."""
    wanted = asked.get("next", "")
    inside = wanted.startswith(f"/w/{request.workspace.slug}/")
    if inside and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("create:posts", args=[request.workspace.slug])


def _page(
    request: LoaRequest,
    asked: QueryDict,
    *,
    status: int = HTTPStatus.OK,
    shift: forms.Form | None = None,
    day: forms.Form | None = None,
) -> HttpResponseBase:
    numbers = chosen_posts(asked)
    posts = (
        Post.objects.in_workspace(request.workspace)
        .filter(pk__in=numbers, deleted_at=None)
        .select_related("campaign")
        .order_by("pk")
    )
    context = {
        "rows": rows_of(posts),
        "is_too_many": len(numbers) > actions.MOST_AT_ONCE,
        "back": back_to(request, asked),
        "shift": shift or ShiftForm(initial={"days": 7}),
        "day": day or DayForm(),
        "campaigns": [
            (str(one.pk), one.name)
            for one in Campaign.objects.in_workspace(request.workspace)
            .filter(archived_at=None)
            .order_by("name", "pk")
        ],
        "may_schedule": request.member.may("can_schedule"),
    }
    response: HttpResponse = render(request, "plan/together.html", context, status=status)
    return response
