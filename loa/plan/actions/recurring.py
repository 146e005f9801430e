"""Let posts repeat: begin a series, and make its posts as their dates come near."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.db import transaction

from loa.channels.models import Channel
from loa.content.models import Post
from loa.content.queries import state_of
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.revisions import PostState
from loa.create.actions import NothingToReview, create_post, plan_post, schedule_post
from loa.kernel.errors import LoaError
from loa.kernel.json import JSON
from loa.ops import clock, live
from loa.plan.models import Occurrence, Series
from loa.plan.rules import days
from loa.plan.rules.ahead import look_ahead
from loa.plan.rules.recurrence import Rhythm, Wrong
from loa.publish.actions import CannotSchedule, ChannelNotConnected, HasBlockingFindings
from loa.workspace.actions import record_audit
from loa.workspace.models import Member
from loa.workspace.rules.permissions import Ability

S = Occurrence.State
MOST_DAYS_TOLD = 40


class NotARhythm(LoaError):
    """The dates asked for make no series. `wrong`: what is the matter."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(f"no rhythm: {wrong}")
        self.wrong = wrong


class NothingToRepeat(LoaError):
    """The post is deleted, says nothing, or has no channel."""


class AlreadyInSeries(LoaError):
    """The post is already one of a series. `series`: which."""

    def __init__(self, series: Series) -> None:
        super().__init__(f"in series {series.pk}")
        self.series = series


@dataclass(frozen=True, slots=True)
class Terms:
    """When a series speaks, and whether its posts are handed over or stay drafts."""

    name: str
    rhythm: Rhythm
    local_time: time
    schedules: bool


def start_series(post: Post, *, terms: Terms, by: Member) -> Series:
    """Let `post` repeat, and make the posts of the next weeks.

    When the post itself is planned for one of the dates, it is that date's occurrence. Nothing
    is made for dates that have passed. Raises NotARhythm, NothingToRepeat or AlreadyInSeries.
    """
    refuse_no_rhythm(terms.rhythm)
    with transaction.atomic():
        locked = Post.objects.select_for_update(of=("self",)).select_related("workspace")
        post = locked.get(pk=post.pk)
        state = state_of(post)
        if (
            post.deleted_at
            or not state.own
            or all(state.document_for(one).is_empty for one in state.own)
        ):
            raise NothingToRepeat(f"post {post.pk}")
        begun = Occurrence.objects.filter(post=post).select_related("series").first()
        if begun is not None:
            raise AlreadyInSeries(begun.series)
        now = clock.now()
        series = Series.objects.create(
            workspace=post.workspace,
            name=terms.name,
            state=state.to_json(),
            rhythm=terms.rhythm.to_json(),
            local_time=terms.local_time,
            schedules=terms.schedules,
            settled_through=days.today(now, post.workspace.time_zone) - timedelta(days=1),
            kept_by=by,
            made_at=now,
        )
        _adopt(post, series)
        extend(series, tells_missed=False)
        note(series, "series.started", by=by)
    return series


def extend_series(series_id: int) -> tuple[Occurrence, ...]:
    """Make the posts whose dates have come into the horizon, each exactly once.

    Safe to run as often as one likes, and at the same time: the row is locked. () when there
    is nothing to make, or the series is gone, paused or ended.
    """
    with transaction.atomic():
        series = locked_series(series_id)
        if series is None or series.paused_at or series.ended_at:
            return ()
        return extend(series, tells_missed=True)


def locked_series(series_id: int) -> Series | None:
    """Lock a series: whoever makes or changes its posts takes turns."""
    rows = Series.objects.select_for_update(of=("self",))
    return rows.select_related("workspace", "kept_by").filter(pk=series_id).first()


def extend(series: Series, *, tells_missed: bool) -> tuple[Occurrence, ...]:
    """Make what the locked series owes. tells_missed: keep dates that went by without a post."""
    ahead = look_ahead(
        rhythm_of(series),
        local_time=series.local_time,
        zone=series.workspace.time_zone,
        settled_through=series.settled_through,
        now=clock.now(),
    )
    made = [make_occurrence(series, day, at) for day, at in ahead.due]
    series.settled_through = ahead.through
    series.save(update_fields=["settled_through"])
    if ahead.missed and tells_missed:
        Occurrence.objects.bulk_create(
            [
                Occurrence(workspace=series.workspace, series=series, on=day, state=S.MISSED)
                for day in ahead.missed
            ]
        )
        note(series, "series.missed", by=None, days=[day.isoformat() for day in ahead.missed])
    return tuple(made)


def make_occurrence(series: Series, day: date, at: PlannedTime) -> Occurrence:
    """Make the post of one date, as a draft or handed over, in the name of who keeps the series.

    A member who has left or may not schedule any more hands nothing over: it stays a draft.
    """
    by = series.kept_by
    state = only_open_channels(series.document, series=series)
    post = create_post(by, state=state)
    plan_post(post, at=at, by=by)
    reason = hand_over(post, by=by) if series.schedules else ""
    live.announce(workspace_id=series.workspace_id, topic="post", subject_id=post.pk)
    return Occurrence.objects.create(
        workspace=series.workspace,
        series=series,
        on=day,
        state=S.MADE,
        post=post,
        made_revision=post.revision,
        made_local=at.local.isoformat(timespec="seconds"),
        note=reason,
    )


def hand_over(post: Post, *, by: Member) -> str:
    """Schedule the post or ask for its approval; return why it stays a draft, "" when it does not.

    The reasons are codes: "keeper", "channel", "blocked", "empty", "refused".
    """
    if by.left_at is not None or not by.may(Ability.SCHEDULE):
        return "keeper"
    try:
        with transaction.atomic():
            schedule_post(post, by=by)
    except ChannelNotConnected:
        return "channel"
    except HasBlockingFindings:
        return "blocked"
    except NothingToReview:
        return "empty"
    except CannotSchedule:
        return "refused"
    return ""


def rhythm_of(series: Series) -> Rhythm:
    """Return the rhythm without the dates about which something is decided already."""
    decided = Occurrence.objects.filter(series=series).values_list("on", flat=True)
    return replace(series.rhythm_alone, skipped=frozenset(decided))


def only_open_channels(state: PostState, *, series: Series) -> PostState:
    """Leave out channels that were disconnected since, as a copy of a post does."""
    there = set(
        Channel.objects.in_workspace(series.workspace)
        .filter(pk__in=state.own)
        .exclude(state=Channel.State.DISCONNECTED)
        .values_list("pk", flat=True)
    )
    return replace(state, own={pk: own for pk, own in state.own.items() if pk in there})


def refuse_no_rhythm(rhythm: Rhythm) -> None:
    """Raise NotARhythm when it is none."""
    wrong = rhythm.wrong()
    if wrong is not None:
        raise NotARhythm(wrong)


def note(series: Series, action: str, *, by: Member | None, days: Collection[JSON] = ()) -> None:
    """Write what happened to the series into the audit trail; the last step of a transaction."""
    record_audit(
        series.workspace,
        member=by,
        action=action,
        subject=f"series:{series.pk}",
        detail={"name": series.name, "days": [*days][:MOST_DAYS_TOLD], "count": len(days)},
    )


def _adopt(post: Post, series: Series) -> None:
    """Let the post that the series was made from be the occurrence of its own date."""
    planned = next((one.planned for one in post.variants.order_by("pk") if one.planned), None)
    if planned is None or planned.instant() < clock.now():
        return
    Occurrence.objects.create(
        workspace=series.workspace,
        series=series,
        on=planned.local.date(),
        state=S.MADE,
        post=post,
        made_revision=post.revision,
        made_local=planned.local.isoformat(timespec="seconds"),
    )
