"""The composer's last step: schedule, send now, ask for review."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loa.content.models import Post
from loa.content.rules.planned_time import PlannedTime
from loa.create import actions, wording
from loa.create.forms import Sent
from loa.create.views.answering import Setback, answer
from loa.publish import actions as publish
from loa.web import toasts
from loa.workspace.access import LoaRequest

ORDERS = ("schedule", "send", "ask", "plan", "unplan")


def carry_out(request: LoaRequest, post: Post, *, sent: Sent) -> HttpResponseBase:
    """Do what the button says with the saved post, then show the post again."""
    if sent.order in {"schedule", "send"} and not request.member.may("can_schedule"):
        raise PermissionDenied
    try:
        told = _do(request, post, sent)
    except publish.CannotSchedule as refusal:
        words = wording.cannot_schedule(refusal)
    except publish.CannotCancel as refusal:
        words = wording.cannot_cancel(refusal)
    except actions.NothingToReview:
        words = _("There is nothing to look at yet: choose a channel and write something.")
    except actions.NoSuchTime:
        words = _("That is not a date and time. Choose one like 22/11/2026 09:00.")
    else:
        return _done(request, post, told)
    # What was typed is saved by now, so the page is over the newest state.
    now = replace(sent, base_revision=post.revision, post_id=post.pk)
    return answer(request, now, post, setback=Setback(words))


def _done(request: LoaRequest, post: Post, told: list[str]) -> HttpResponseBase:
    for words in told:
        toasts.tell(request, words)
    return redirect("create:post", workspace_slug=request.workspace.slug, post_id=post.pk)


def _do(request: LoaRequest, post: Post, sent: Sent) -> list[str]:
    member = request.member
    if sent.order == "send":
        actions.send_now(post, by=member)
        return [_("On its way. You see it here as soon as it is live.")]
    if sent.order == "unplan":
        actions.plan_post(post, at=None, by=member)
        return [_("It has no time any more.")]
    told = _plan(request, post, sent)
    if sent.order == "ask":
        actions.request_review(post, by=member)
        return [*told, _("Review requested.")]
    if sent.order == "plan":
        return told or [_("The time is kept.")]
    done = actions.schedule_post(post, by=member)
    if done.asked_for_review:
        words = _("Review requested. Once it is approved, it goes out at its time by itself.")
    else:
        words = _("Scheduled.")
    return [*told, words]


def _plan(request: LoaRequest, post: Post, sent: Sent) -> list[str]:
    """Set the time that was typed; say so when a clock change moved it."""
    if not sent.planned:
        return []
    at = actions.read_local_time(sent.planned, zone=request.workspace.time_zone)
    actions.plan_post(post, at=at, by=request.member)
    return [_moved(at)] if at.local.isoformat()[:16] != sent.planned[:16] else []


def _moved(at: PlannedTime) -> str:
    return _("The clocks go forward then and leave that time out, so it goes out at %(time)s.") % {
        "time": date_format(at.local, "H:i")
    }
