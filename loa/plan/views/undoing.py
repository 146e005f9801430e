"""The way back from what was done with many posts: signed into an address, for an hour."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.content.models import Post
from loa.content.rules.planned_time import PlannedTime
from loa.plan import actions
from loa.plan.actions import Before, Done, Formerly, Refused
from loa.plan.views.moving import UNDO_WITHIN_S
from loa.plan.wording import together as say
from loa.web.toasts import tell, warn
from loa.workspace.access import LoaRequest, requires

SALT = "plan.undo-together"
type Undo = Callable[..., tuple[Refused, ...]]
UNDOES: dict[str, tuple[str, Undo]] = {
    "move": ("can_schedule", actions.undo_moves),
    "queue": ("can_schedule", actions.undo_moves),
    "label": ("can_compose", actions.undo_labels),
    "delete": ("can_compose", actions.undo_deletes),
    "copy": ("can_compose", actions.undo_copies),
}


@require_POST
@requires("can_compose")
def undo_together(request: LoaRequest) -> HttpResponseBase:
    """Put every post back as it was, except those that somebody changed since."""
    try:
        verb, back, kept = signing.loads(
            request.GET.get("was", ""), salt=SALT, max_age=UNDO_WITHIN_S
        )
    except signing.BadSignature:
        warn(request, _("This can no longer be undone."))
        return redirect("create:posts", request.workspace.slug)
    ability, undo = UNDOES[verb]
    if not request.member.may(ability):
        raise PermissionDenied
    zone = request.workspace.time_zone
    refused = undo([_read(one, zone) for one in kept], by=request.member)
    tell(request, say.undone(len(refused)))
    return redirect(back)


def undo_address(request: LoaRequest, verb: str, done: Iterable[Done], *, back: str) -> str:
    """Return the address that takes `done` back and then shows `back` again."""
    kept = [_kept(one, request.workspace.time_zone) for one in done]
    was = signing.dumps([verb, back, kept], salt=SALT, compress=True)
    path = reverse("plan:undo-together", args=[request.workspace.slug])
    return f"{path}?{urlencode({'was': was})}"


def as_done(posts: Collection[Post]) -> list[Done]:
    """Return copies as things done, so that they are undone like the rest."""
    return [Done(post) for post in posts]


def _kept(one: Done, zone: str) -> list[Any]:
    flags = one.was_waiting | one.was_asked << 1
    post = one.post
    times = [_kept_time(each, zone) for each in one.formerly]
    return [post.pk, post.revision, flags, one.campaign_id, post.campaign_id, times]


def _kept_time(one: Formerly, zone: str) -> list[Any]:
    was = one.planned
    # Sixty posts ride in one address: minutes and seconds since 1970 are short.
    place = "" if was is None or was.zone == zone else was.zone
    local = was.local.isoformat() if was else ""
    flags = one.in_queue | (was.fold if was else 0) << 1
    return [one.variant_id, local, place, flags, int(one.moved_to.timestamp())]


def _read(kept: list[Any], zone: str) -> Before:
    """Read what `_kept` wrote; it is signed, so its form is known."""
    post_id, revision, flags, campaign_id, now_campaign_id, times = kept
    return Before(
        post_id,
        tuple(_read_time(one, zone) for one in times),
        campaign_id,
        now_campaign_id,
        was_waiting=bool(flags & 1),
        was_asked=bool(flags & 2),
        revision=revision,
    )


def _read_time(kept: list[Any], zone: str) -> Formerly:
    variant_id, local, place, flags, moved_to = kept
    was = PlannedTime(datetime.fromisoformat(local), place or zone, flags >> 1) if local else None
    return Formerly(variant_id, was, bool(flags & 1), datetime.fromtimestamp(moved_to, UTC))
