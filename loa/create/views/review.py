"""Review: the queue, the panel beside a post, votes, notes, and the rule."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.content.models import Post, ReviewRule
from loa.create import actions, wording
from loa.create.models import Note
from loa.create.queries.lists import waiting_for_review
from loa.create.queries.review import review_of
from loa.create.queries.standing import rule_of
from loa.create.views.composer import find_post
from loa.publish import actions as publish
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires
from loa.workspace.queries import team
from loa.workspace.rules.permissions import Ability


@require_GET
@requires("can_view")
def show_queue(request: LoaRequest) -> HttpResponse:
    """List the posts that wait for approval, those that this member can decide on first."""
    waiting = waiting_for_review(request.workspace, member=request.member)
    return render(request, "create/review/queue.html", {"waiting": waiting})


@require_GET
@requires("can_view")
def show_panel(request: LoaRequest, post_id: int) -> HttpResponse:
    """Show the review panel of a post again, after news."""
    post = find_post(request, post_id)
    context = {"post": post, "review": review_of(post, request.member)}
    return render(request, "create/review/panel.html", context)


@require_POST
@requires("can_approve")
def approve(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Agree to the post as the member saw it."""
    post = find_post(request, post_id)
    try:
        agreed = actions.approve(
            post, fingerprint=request.POST.get("fingerprint", ""), by=request.member
        )
    except REFUSALS as error:
        toasts.warn(request, _refusal(error))
        return _back(request, post)
    if not agreed.is_complete:
        toasts.tell(request, _("Your approval is noted. Others still have to agree."))
    elif agreed.scheduled:
        toasts.tell(request, _("Approved. It goes out at its time."))
    elif agreed.refused:
        reason = wording.cannot_schedule(agreed.refused)
        toasts.warn(request, _("Approved, but not scheduled: %(reason)s") % {"reason": reason})
    else:
        toasts.tell(request, _("Approved."))
    return _back(request, post)


@require_POST
@requires("can_approve")
def ask_changes(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Say what must change before the post may go out."""
    post = find_post(request, post_id)
    try:
        actions.ask_changes(
            post,
            fingerprint=request.POST.get("fingerprint", ""),
            words=request.POST.get("words", ""),
            by=request.member,
        )
    except REFUSALS as error:
        toasts.warn(request, _refusal(error))
    else:
        toasts.tell(request, _("Sent back with your words."))
    return _back(request, post)


@require_POST
@requires("can_compose")
def ask_again(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Ask for an approval that has ended; what waits to be sent goes out once it is given."""
    post = find_post(request, post_id)
    try:
        actions.request_review(post, by=request.member)
    except publish.HasBlockingFindings as refused:
        toasts.warn(request, wording.cannot_schedule(refused))
    except REFUSALS as error:
        toasts.warn(request, _refusal(error))
    else:
        toasts.tell(request, _("Asked for approval again."))
    return _back(request, post)


@require_POST
@requires("can_compose")
def withdraw(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Take the request for review back."""
    post = find_post(request, post_id)
    actions.withdraw_request(post, by=request.member)
    toasts.tell(request, _("The request is taken back. Ask again when it is ready."))
    return _back(request, post)


@require_POST
@requires("can_comment")
def add_note(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Leave a remark on a post."""
    post = find_post(request, post_id)
    try:
        actions.add_note(post, words=request.POST.get("words", ""), by=request.member)
    except actions.NothingSaid:
        toasts.warn(request, _("Write something first."))
    return _back(request, post)


@require_POST
@requires("can_comment")
def delete_note(request: LoaRequest, post_id: int, note_id: int) -> HttpResponseBase:
    """Remove one's own remark."""
    post = find_post(request, post_id)
    note = get_object_or_404(Note.objects.in_workspace(request.workspace), pk=note_id, post=post)
    actions.delete_note(note, by=request.member)
    return _back(request, post)


@require_http_methods(["GET", "POST"])
@requires("can_manage_workspace")
def show_rule(request: LoaRequest) -> HttpResponseBase:
    """Show and set who must agree before anything goes out."""
    members = [one for one in team(request.workspace) if one.may(Ability.APPROVE)]
    if request.method == "POST":
        mode = request.POST.get("mode", "")
        if mode not in ReviewRule.Mode:
            mode = ReviewRule.Mode.NONE
        try:
            stopped = actions.set_review_rule(
                request.member,
                mode=ReviewRule.Mode(mode),
                may_approve_own="may_approve_own" in request.POST,
                approvers=[int(one) for one in request.POST.getlist("approver") if one.isdecimal()],
                good_for_days=_days(request.POST.get("good_for_days", "")),
            )
        except WrongDays:
            toasts.warn(
                request,
                _("Write a number of days from 1 to %(most)s, or leave it empty.")
                % {"most": MOST_DAYS},
            )
        except actions.NobodyListed:
            toasts.warn(request, _("Choose who must agree, or let one approver be enough."))
        else:
            toasts.tell(request, _rule_set(stopped))
        return redirect("create:review-rule", workspace_slug=request.workspace.slug)
    return render(
        request,
        "create/review/rule.html",
        {"rule": rule_of(request.workspace), "members": members, "modes": ReviewRule.Mode.choices},
    )


MOST_DAYS = 365


class WrongDays(ValueError):
    """What was typed is no number of days."""


REFUSALS = (
    actions.ContentChanged,
    actions.MayNotApprove,
    actions.NothingToReview,
    actions.PostDeleted,
    actions.WordsMissing,
)


def _days(typed: str) -> int | None:
    """Return for how many days an approval is good; None when the field was left empty."""
    typed = typed.strip()
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > 3 or not 1 <= int(typed) <= MOST_DAYS:  # noqa: PLR2004
        raise WrongDays(typed)
    return int(typed)


def _refusal(error: Exception) -> str:
    match error:
        case actions.MayNotApprove():
            return wording.why_not(error.why)
        case actions.ContentChanged():
            return _("The post was changed since you looked. Read it again, then decide.")
        case actions.WordsMissing():
            return _("Say what should change, so that the writer knows.")
        case actions.PostDeleted():
            return _("The post was deleted meanwhile.")
    return _("Nobody asks for a review of this post any more.")


def _rule_set(stopped: int) -> str:
    if not stopped:
        return _("The rule is set.")
    return ngettext(
        "The rule is set. %(count)s scheduled post now waits for approval.",
        "The rule is set. %(count)s scheduled posts now wait for approval.",
        stopped,
    ) % {"count": stopped}


def _back(request: LoaRequest, post: Post) -> HttpResponseBase:
    if request.POST.get("next") == "queue":
        return redirect("create:review-queue", workspace_slug=request.workspace.slug)
    return redirect(reverse("create:post", args=[request.workspace.slug, post.pk]) + "#review")
