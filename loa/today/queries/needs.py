"""What needs a member now, read from where the truth is: deliveries, reviews, channels, slots."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from loa.channels import queries as channels
from loa.channels.models import Channel
from loa.channels.rules.health import ENDING_SOON, Health, health
from loa.connectors.registry import all_connectors
from loa.content.models import Approver, LinkCheck, Post, ReviewRule, Revision, Variant
from loa.content.queries.link_checks import broken_soon
from loa.create.models import ReviewVote
from loa.intake.models import Source
from loa.intake.queries import failing_sources
from loa.library.models import Asset
from loa.library.queries import ending
from loa.plan import queries as plan
from loa.plan.queries import FreeSlot
from loa.publish.actions import MISSED
from loa.publish.models import Delivery
from loa.publish.queries import edits_wanted_from
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.today.rules.needs import NOT_COUNTED, Kind, Need, in_order, is_told
from loa.watch import queries as watch
from loa.watch.models import Alert, Destination
from loa.watch.rules import bars
from loa.workspace.models import Member, Workspace

MISSED_WITHIN = timedelta(days=7)
FREE_WITHIN = timedelta(hours=36)
MOST = 50
ALERTS_TOLD = (
    bars.Kind.NOTHING_SENT,
    bars.Kind.API_ENDING,
    bars.Kind.ERROR_RATE,
    bars.Kind.DISK_LOW,
    bars.Kind.BACKUP_OLD,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What one need is about; what does not apply is None.

    at: when it should have gone out, ends, or began. waiting_count: deliveries that wait for it.
    """

    delivery: Delivery | None = None
    post: Post | None = None
    channel: Channel | None = None
    slot: FreeSlot | None = None
    alert: Alert | None = None
    destination: Destination | None = None

    source: Source | None = None
    asset: Asset | None = None
    check: LinkCheck | None = None
    at: datetime | None = None
    waiting_count: int = 0


def needs_of(member: Member, *, now: datetime) -> tuple[Need[Subject], ...]:
    """Return what needs this member, the most urgent first."""
    workspace = member.workspace
    read: dict[Kind, Callable[[], Iterable[Subject]]] = {
        Kind.PAUSED: lambda: _paused(workspace),
        Kind.UNCERTAIN: lambda: _of_deliveries(_uncertain(workspace)),
        Kind.FAILED: lambda: _of_deliveries(_failed(workspace)),
        Kind.LATE: lambda: _of_deliveries(plan.missed_deliveries(workspace)),
        Kind.CHANNEL_LOST: lambda: _of_channels(workspace, Health.LOST, now=now),
        Kind.ALERT: lambda: [Subject(alert=one, at=one.opened_at) for one in _alerts(workspace)],
        Kind.UNTOLD: lambda: [
            Subject(destination=one, at=one.failed_at)
            for one in watch.failing_destinations(workspace)
        ],
        Kind.TO_APPROVE: lambda: _of_posts(wanted_from(member)),
        Kind.LIVE_EDITS: lambda: _of_deliveries(edits_wanted_from(member)),
        Kind.APPROVAL_ENDED: lambda: _of_posts(_approval_ended(workspace)),
        Kind.CHANGES: lambda: _of_posts(_to_change(member)),
        Kind.MISSED: lambda: _of_posts(_missed(workspace, now=now)),
        Kind.BROKEN_LINKS: lambda: _of_checks(broken_soon(workspace, now=now)),
        Kind.FEED_FAILING: lambda: _of_sources(failing_sources(workspace, now=now)),
        Kind.GRANT_ENDING: lambda: _of_channels(workspace, Health.ENDING_SOON, now=now),
        Kind.RIGHTS_ENDING: lambda: _of_assets(_rights_ending(workspace, now=now)),
        Kind.ZONE_MOVED: lambda: _of_posts(_zone_moved(workspace, now=now)),
        Kind.FREE_SLOTS: lambda: _free_slots(workspace, now=now),
    }
    return in_order(
        Need(kind, tuple(subjects()))
        for kind, subjects in read.items()
        if is_told(kind, member.may)
    )


def count_needs(member: Member, *, now: datetime) -> int:
    """Count the lines that `needs_of` has for debts, in one query."""
    workspace = member.workspace
    asked: dict[Kind, QuerySet[Any]] = {
        Kind.UNCERTAIN: _uncertain(workspace),
        Kind.FAILED: _failed(workspace),
        Kind.LATE: plan.missed_deliveries(workspace),
        Kind.CHANNEL_LOST: Channel.objects.in_workspace(workspace).filter(state=Health.LOST),
        Kind.ALERT: _alerts(workspace),
        Kind.UNTOLD: watch.failing_destinations(workspace),
        Kind.TO_APPROVE: wanted_from(member),
        Kind.LIVE_EDITS: edits_wanted_from(member),
        Kind.APPROVAL_ENDED: _approval_ended(workspace),
        Kind.CHANGES: _to_change(member),
        Kind.MISSED: _missed(workspace, now=now),
        Kind.BROKEN_LINKS: broken_soon(workspace, now=now),
        Kind.FEED_FAILING: failing_sources(workspace, now=now),
        Kind.GRANT_ENDING: _ending(workspace, now=now),
        Kind.RIGHTS_ENDING: _rights_ending(workspace, now=now),
    }
    told = {
        kind: Exists(rows)
        for kind, rows in asked.items()
        if is_told(kind, member.may) and kind not in NOT_COUNTED
    }
    paused = is_told(Kind.PAUSED, member.may) and workspace.sending_paused_at is not None
    if not told:
        return int(paused)
    [row] = (
        Workspace.objects.filter(pk=workspace.pk)
        .annotate(**{f"has_{kind.value}": rows for kind, rows in told.items()})
        .values_list(*(f"has_{kind.value}" for kind in told))
    )
    return int(paused) + sum(map(bool, row))


def _of_checks(checks: QuerySet[LinkCheck]) -> list[Subject]:
    return [Subject(check=one, post=one.post, at=one.due_at) for one in checks[:MOST]]


def wanted_from(member: Member) -> QuerySet[Post]:
    """Return the posts whose approval waits for this member's word, the soonest first."""
    if not member.may("can_approve"):
        return Post.objects.none()
    workspace = member.workspace
    rule = ReviewRule.objects.filter(workspace=workspace)
    listed = Approver.objects.in_workspace(workspace)
    said = ReviewVote.objects.in_workspace(workspace).filter(
        post=OuterRef("pk"), member=member, voted_at__gte=OuterRef("review_asked_at")
    )
    last_editor = (
        Revision.objects.in_workspace(workspace)
        .filter(post=OuterRef("pk"), kind=Revision.Kind.SAVED)
        .order_by("-number", "-pk")
        .values("saved_by")[:1]
    )
    return _soonest_first(
        _with_first_time(Post.objects.in_workspace(workspace))
        .filter(review=Post.Review.REQUESTED, deleted_at=None)
        .annotate(last_editor=Subquery(last_editor))
        .filter(
            Exists(rule.filter(may_approve_own=True))
            | (~Q(written_by=member) & (Q(last_editor=None) | ~Q(last_editor=member.pk)))
        )
        .filter(
            ~Exists(rule.filter(mode="all"))
            | ~Exists(listed)
            | Exists(listed.filter(member=member))
        )
        .exclude(Exists(said))
    )


def _with_first_time(posts: QuerySet[Post]) -> QuerySet[Post]:
    first = (
        Variant.objects.filter(post=OuterRef("pk"), planned_at__isnull=False)
        .order_by("planned_at")
        .values("planned_at")[:1]
    )
    return posts.annotate(first_at=Subquery(first))


def _soonest_first(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.order_by(F("first_at").asc(nulls_last=True), "pk")


def _uncertain(workspace: Workspace) -> QuerySet[Delivery]:
    rows = Delivery.objects.in_workspace(workspace).filter(state=S.UNCERTAIN)
    return rows.select_related("channel", "post").order_by("-needs_person", "due_at", "pk")


def _failed(workspace: Workspace) -> QuerySet[Delivery]:
    rows = (
        Delivery.objects.in_workspace(workspace)
        .filter(state=S.FAILED, needs_person=True)
        .exclude(failure_code=MISSED)
    )
    return rows.select_related("channel", "post").order_by("-due_at", "pk")


def _alerts(workspace: Workspace) -> QuerySet[Alert]:
    """Return the open alerts of which no other need tells."""
    return watch.open_alerts(workspace).filter(kind__in=[one.value for one in ALERTS_TOLD])


def _approval_ended(workspace: Workspace) -> QuerySet[Post]:
    """Return approved posts whose approval ends before they go out, or kept them from it."""
    rule = ReviewRule.objects.filter(workspace=workspace).exclude(mode="none")
    posts = _with_first_time(Post.objects.in_workspace(workspace)).annotate(
        good_for_days=Subquery(rule.values("good_for_days")[:1])
    )
    days = ExpressionWrapper(
        F("good_for_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    posts = posts.annotate(
        approval_ends_at=ExpressionWrapper(F("approved_at") + days, output_field=DateTimeField())
    )
    deliveries = Delivery.objects.in_workspace(workspace).filter(post=OuterRef("pk"))
    too_late = deliveries.filter(state=S.DUE, due_at__gte=OuterRef("approval_ends_at"))
    refused = deliveries.filter(state=S.FAILED, failure_code="review.ended", needs_person=True)
    return _soonest_first(
        posts.filter(
            Exists(too_late) | Exists(refused),
            review=Post.Review.APPROVED,
            deleted_at=None,
            good_for_days__isnull=False,
        )
    )


def _zone_moved(workspace: Workspace, *, now: datetime) -> QuerySet[Post]:
    """Return posts to come whose instant a change of zone rules moved in the last days."""
    moved = Variant.objects.in_workspace(workspace).filter(
        post=OuterRef("pk"), planned_at__gt=now, zone_moved_at__gte=now - MISSED_WITHIN
    )
    posts = _with_first_time(Post.objects.in_workspace(workspace))
    return _soonest_first(posts.filter(Exists(moved), deleted_at=None))


def _to_change(member: Member) -> QuerySet[Post]:
    posts = _with_first_time(Post.objects.in_workspace(member.workspace))
    return posts.filter(review=Post.Review.CHANGES, deleted_at=None, written_by=member).order_by(
        F("first_at").asc(nulls_last=True), "pk"
    )


def _missed(workspace: Workspace, *, now: datetime) -> QuerySet[Post]:
    """Return posts whose time passed in the last days with nothing scheduled for it."""
    variants = Variant.objects.filter(
        post=OuterRef("pk"),
        planned_at__lt=now,
        planned_at__gte=now - MISSED_WITHIN,
        delivery=None,
    )
    posts = _with_first_time(Post.objects.in_workspace(workspace))
    return _soonest_first(posts.filter(Exists(variants), deleted_at=None))


def _ending(workspace: Workspace, *, now: datetime) -> QuerySet[Channel]:
    """Return channels whose grant a person must renew soon; many renew themselves."""
    by_hand = [name for name, one in all_connectors().items() if one.renew is None]
    return Channel.objects.in_workspace(workspace).filter(
        state=Channel.State.CONNECTED,
        paused_at=None,
        platform__in=by_hand,
        grant__expires_at__lte=now + ENDING_SOON,
    )


def _rights_ending(workspace: Workspace, *, now: datetime) -> QuerySet[Asset]:
    return ending(workspace, today=now.astimezone(ZoneInfo(workspace.time_zone)).date())


def _of_assets(rows: QuerySet[Asset]) -> list[Subject]:
    return [Subject(asset=one) for one in rows[:MOST]]


def _of_deliveries(rows: QuerySet[Delivery]) -> list[Subject]:
    return [
        Subject(delivery=one, post=one.post, channel=one.channel, at=one.due_at)
        for one in rows[:MOST]
    ]


def _of_posts(rows: QuerySet[Post]) -> list[Subject]:
    return [Subject(post=one, at=getattr(one, "first_at", None)) for one in rows[:MOST]]


def _of_sources(rows: QuerySet[Source]) -> list[Subject]:
    return [Subject(source=one, at=one.failing_since) for one in rows[:MOST]]


def _of_channels(workspace: Workspace, wanted: Health, *, now: datetime) -> list[Subject]:
    found = [
        channel
        for channel in channels.channels_in_use(workspace)
        if health(channels.standing(channel), now=now) is wanted
    ]
    waiting = _waiting_on(workspace, found) if found else {}
    return [
        Subject(
            channel=one,
            at=channels.standing(one).grant_ends_at
            if wanted is Health.ENDING_SOON
            else one.state_at,
            waiting_count=waiting.get(one.pk, 0),
        )
        for one in found
    ]


def _waiting_on(workspace: Workspace, found: Iterable[Channel]) -> dict[int, int]:
    rows = (
        Delivery.objects.in_workspace(workspace)
        .filter(channel__in=list(found), state=S.DUE)
        .values("channel")
        .annotate(waiting=Count("pk"))
        .values_list("channel", "waiting")
    )
    return dict(rows)


def _paused(workspace: Workspace) -> list[Subject]:
    if workspace.sending_paused_at is None:
        return []
    waiting = Delivery.objects.in_workspace(workspace).filter(state=S.DUE).count()
    return [Subject(at=workspace.sending_paused_at, waiting_count=waiting)]


def _free_slots(workspace: Workspace, *, now: datetime) -> list[Subject]:
    weeks = plan.channel_weeks(workspace)
    watched = {week.channel.pk: week.channel for week in weeks if week.slots}
    free = plan.next_free_slots(workspace, list(watched), now=now, most=3) if watched else {}
    soon = [
        FreeSlot(watched[channel_id], slot)
        for channel_id, slots in free.items()
        for slot in slots
        if slot.at <= now + FREE_WITHIN
    ]
    soon.sort(key=lambda one: (one.time.at, one.channel.pk))
    return [Subject(slot=one, channel=one.channel, at=one.time.at) for one in soon]
