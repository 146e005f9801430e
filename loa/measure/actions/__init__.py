"""Take readings: ask the platforms for their counts and keep what they say, with the time."""

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import batched, groupby

from django.db import transaction
from django.utils.functional import cached_property

from loa.channels.models import Channel
from loa.connectors.contract import Capability, Connector, MetricValue, Published
from loa.connectors.errors import ConnectorError
from loa.connectors.registry import connector
from loa.measure.actions.asking import NoRoomToLook, ask_counts
from loa.measure.models import Reading, ReadingPlan
from loa.measure.rules.reading_times import RETRY_AFTER, next_reading_at
from loa.ops import clock, fence, live
from loa.publish.models import Delivery

log = logging.getLogger(__name__)

# The smallest batch among the platforms' own limits (Bluesky's getPosts takes 25).
BATCH = 25
ROUND = 500
# A platform that reads no batches is asked for each, after it was asked for all.
MOST_REQUESTS = BATCH + 1


class _Due:
    """One delivery whose counts are to be read."""

    def __init__(self, plan: ReadingPlan) -> None:
        self.plan = plan
        self.delivery: Delivery = plan.delivery

    @cached_property
    def published(self) -> Published:
        """Return the first part, which the readings are about."""
        first = min(self.delivery.parts.all(), key=lambda part: part.position, default=None)
        facts = first.facts if first else {}
        return Published(self.delivery.external_id, self.delivery.url, facts)


def plan_new_readings() -> int:
    """Give every delivered delivery its plan of readings; return how many were new."""
    with fence.everywhere("plan readings of what was delivered"):
        # A first comment has no readings of its own; without an id nothing can be asked.
        fresh = (
            Delivery.objects.filter(state="delivered", reading_plan=None, after=None)
            .exclude(external_id="")
            .order_by("pk")[:ROUND]
        )
        plans = [
            ReadingPlan(
                workspace_id=delivery.workspace_id,
                delivery=delivery,
                next_at=next_reading_at(delivered_at=delivery.delivered_at, now=clock.now()),
            )
            for delivery in fresh
            if delivery.delivered_at is not None
        ]
        ReadingPlan.objects.bulk_create(plans, ignore_conflicts=True)
    return len(plans)


def take_due_readings() -> int:
    """Read every post whose time has come; return how many were read.

    Running twice is harmless: a plan moves on in the same transaction as its readings. A
    platform that cannot be asked now is asked again later; nothing is counted as 0.
    """
    plan_new_readings()
    now = clock.now()
    with fence.everywhere("find posts whose readings are due"):
        due = list(
            ReadingPlan.objects.filter(next_at__lte=now)
            .order_by("delivery__channel_id", "next_at", "pk")
            .values_list("workspace_id", "delivery__channel_id", "pk")[:ROUND]
        )
    taken = 0
    for (workspace_id, channel_id), rows in groupby(due, key=lambda row: row[:2]):
        for batch in batched((row[2] for row in rows), BATCH):
            with fence.inside(workspace_id):
                taken += _read(channel_id, batch, now)
    return taken


def take_channel_readings() -> int:
    """Read the counts of every connected channel itself (followers); return how many were read."""
    with fence.everywhere("find channels whose own counts can be read"):
        channels = list(
            Channel.objects.filter(state=Channel.State.CONNECTED)
            .order_by("pk")
            .values_list("workspace_id", "pk")
        )
    taken = 0
    for workspace_id, channel_id in channels:
        with fence.inside(workspace_id):
            taken += _read_channel(channel_id)
    return taken


def _read_channel(channel_id: int) -> int:
    channel = Channel.objects.select_related("grant", "workspace").get(pk=channel_id)
    flow = connector(channel.platform).channel_readings
    if flow is None:
        return 0
    try:
        counts = ask_counts(channel, flow, most_requests=1)
    except NoRoomToLook:
        return 0  # the next round asks again
    except ConnectorError as error:
        log.warning("counts of channel %s not taken: %s", channel_id, error.code or error)
        return 0
    now = clock.now()
    Reading.objects.bulk_create(
        [
            Reading(
                workspace_id=channel.workspace_id,
                channel=channel,
                metric=one.metric,
                value=one.value,
                taken_at=now,
            )
            for one in counts
        ],
        ignore_conflicts=True,
    )
    return 1


def _read(channel_id: int, plan_ids: Iterable[int], now: datetime) -> int:
    channel = Channel.objects.select_related("grant", "workspace").get(pk=channel_id)
    plans = (
        ReadingPlan.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=list(plan_ids), next_at__lte=now)
        .select_related("delivery")
        .prefetch_related("delivery__parts")
        .order_by("pk")
    )
    due = [_Due(plan) for plan in plans]
    platform = connector(channel.platform)
    if not due:
        return 0
    if channel.state != Channel.State.CONNECTED or not platform.can(Capability.READINGS):
        _later(due, "channel.away", now)
        return 0
    try:
        counts = _ask(channel, platform, due)
    except NoRoomToLook as full:
        _later(due, "rate.limited", now, at=full.until)
        return 0
    except ConnectorError as error:
        log.warning("readings of channel %s not taken: %s", channel.pk, error.code or error)
        _later(due, error.code or "readings.not_taken", now)
        return 0
    _keep(channel, due, counts, now)
    return len(due)


def _ask(
    channel: Channel, platform: Connector, due: list[_Due]
) -> dict[str, tuple[MetricValue, ...]]:
    published = tuple(one.published for one in due)
    return dict(
        ask_counts(
            channel,
            lambda ref: platform.readings(published, ref),
            most_requests=min(MOST_REQUESTS, len(due) + 1),
        )
    )


def _keep(
    channel: Channel,
    due: list[_Due],
    counts: dict[str, tuple[MetricValue, ...]],
    now: datetime,
) -> None:
    readings = [
        Reading(
            workspace_id=channel.workspace_id,
            channel=channel,
            delivery=one.delivery,
            metric=value.metric,
            value=value.value,
            taken_at=now,
        )
        for one in due
        for value in counts.get(one.delivery.external_id, ())
    ]
    with transaction.atomic():
        Reading.objects.bulk_create(readings, ignore_conflicts=True)
        for one in due:
            gone = one.delivery.external_id not in counts
            one.plan.failure_code = "post.gone" if gone else ""
            delivered_at = one.delivery.delivered_at or now
            one.plan.next_at = None if gone else next_reading_at(delivered_at=delivered_at, now=now)
            one.plan.taken_count += 0 if gone else 1
            one.plan.last_taken_at = one.plan.last_taken_at if gone else now
        ReadingPlan.objects.bulk_update(
            [one.plan for one in due],
            ["failure_code", "next_at", "taken_count", "last_taken_at"],
        )
        live.announce(workspace_id=channel.workspace_id, topic="readings", subject_id=channel.pk)


def _later(due: list[_Due], code: str, now: datetime, *, at: datetime | None = None) -> None:
    for one in due:
        one.plan.failure_code = code
        one.plan.next_at = at or now + RETRY_AFTER
    ReadingPlan.objects.bulk_update([one.plan for one in due], ["failure_code", "next_at"])
