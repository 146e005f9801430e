"""Copy a week's posts to another week, as drafts."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from loa.content.models import Post, Variant
from loa.content.queries import state_of
from loa.create.actions import create_post
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import queries
from loa.plan.actions.locks import lock_queues
from loa.plan.actions.moving import touch
from loa.plan.rules import days
from loa.plan.rules.copying import LeftOut, Placed, copy_by_days
from loa.plan.rules.pacing import Taken
from loa.publish.actions import reschedule_variants
from loa.workspace.actions import record_audit
from loa.workspace.models import Member, Workspace

MOST_COPIED = 200


class SameWeek(LoaError):
    """A week cannot be copied onto itself."""


class TooMuchToCopy(LoaError):
    """The week holds more posts than are copied at once."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What copying a week made and left out. skipped_count: times moved because a clock skips."""

    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...]
    skipped_count: int


def copy_week(*, week: date, to: date, channel_ids: Collection[int], by: Member) -> Copied:
    """Begin a draft for every post of the week that `week` is in, in the week that `to` is in.

    Each keeps its day of the week and local time. Approval is not carried over, and nothing
    is scheduled. What clashes with what is planned there, or would be past, is left out and
    told. Raises SameWeek or TooMuchToCopy.
    """
    first, target = days.monday_of(week), days.monday_of(to)
    if first == target:
        raise SameWeek(f"{first}")
    with transaction.atomic():
        lock_queues(by.workspace, channel_ids)
        variants = _planned_in(by.workspace, first, channel_ids)
        if len({one.post_id for one in variants}) > MOST_COPIED:
            raise TooMuchToCopy(f"week of {first}")
        placed, left_out = _fit(by.workspace, variants, first=first, target=target)
        by_post: defaultdict[int, list[Placed]] = defaultdict(list)
        for one in placed:
            by_post[one.post_id].append(one)
        sources = {one.post_id: one.post for one in variants}
        made = [_copy(sources[pk], mine, by=by) for pk, mine in by_post.items()]
        touch(made)
        if made:
            record_audit(
                by.workspace,
                member=by,
                action="post.week_copied",
                subject=f"week:{target}",
                detail={"week": f"{first}", "to": f"{target}", "count": len(made)},
            )
    return Copied(tuple(made), left_out, sum(one.was_skipped for one in placed))


def _planned_in(workspace: Workspace, first: date, channel_ids: Collection[int]) -> list[Variant]:
    since = days.day_start(first, workspace.time_zone)
    until = days.day_start(first + timedelta(weeks=1), workspace.time_zone)
    rows = (
        Variant.objects.in_workspace(workspace)
        .filter(
            channel__in=channel_ids,
            planned_at__gte=since,
            planned_at__lt=until,
            post__deleted_at=None,
        )
        .select_related("post__workspace")
        .prefetch_related("post__variants")
        .order_by("planned_at", "pk")
    )
    return list(rows)


def _fit(
    workspace: Workspace, variants: Collection[Variant], *, first: date, target: date
) -> tuple[tuple[Placed, ...], tuple[LeftOut, ...]]:
    zone = workspace.time_zone
    weeks = queries.channel_weeks(workspace, {one.channel_id for one in variants})
    taken = queries.taken_times(
        workspace,
        [week.channel.pk for week in weeks],
        since=days.day_start(target, zone) - queries.MARGIN,
        until=days.day_start(target + timedelta(weeks=1), zone) + queries.MARGIN,
    )
    open_ids = {week.channel.pk for week in weeks}
    return copy_by_days(
        [
            Placed(one.post_id, one.channel_id, one.planned)
            for one in variants
            if one.planned and one.channel_id in open_ids
        ],
        days=(target - first).days,
        taken={pk: Taken.of(times, days.place(zone)) for pk, times in taken.items()},
        pacings={week.channel.pk: week.pacing for week in weeks},
        now=clock.now(),
    )


def _copy(source: Post, placed: list[Placed], *, by: Member) -> Post:
    state = state_of(source)
    own = {one.channel_id: state.own[one.channel_id] for one in placed}
    post = create_post(by, state=replace(state, own=own))
    times = {one.channel_id: one.at for one in placed}
    variants = list(post.variants.order_by("pk"))
    reschedule_variants(post, times={one.pk: times[one.channel_id] for one in variants}, by=by)
    return post
