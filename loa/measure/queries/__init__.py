"""Reads of readings: the latest value per post, and how a channel's posts did."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loa.channels.models import Channel
from loa.content.models import Post
from loa.measure.models import Reading
from loa.measure.queries.links import Clicks, clicks_of_channel, clicks_of_delivery
from loa.measure.rules.metrics import Metric, engagement_rate, engagements
from loa.publish.models import Delivery
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class Counts:
    """The latest counts of one delivery. taken_at: None when nothing was read yet.

    link_clicks: on its tracked links, counted by Loa; None when it has none.
    """

    delivery: Delivery
    values: dict[str, int] = field(default_factory=dict)
    taken_at: datetime | None = None
    link_clicks: int | None = None

    @property
    def likes(self) -> int | None:
        """Return the likes; None when the platform gives none."""
        return self.values.get(Metric.LIKES)

    @property
    def replies(self) -> int | None:
        """Return the replies; None when the platform gives none."""
        return self.values.get(Metric.REPLIES)

    @property
    def reposts(self) -> int | None:
        """Return the reposts; None when the platform gives none."""
        return self.values.get(Metric.REPOSTS)

    @property
    def reach(self) -> int | None:
        """Return how many people saw it; None when the platform does not tell."""
        return self.values.get(Metric.REACH)

    @property
    def engagements(self) -> int | None:
        """Return likes, replies, reposts, quotes and bookmarks together."""
        return engagements(self.values)

    @property
    def engagement_rate(self) -> float | None:
        """Return engagements / reach, as a ratio."""
        return engagement_rate(self.values)


@dataclass(frozen=True, slots=True)
class Day:
    """What the posts published on one local day have gathered until their latest reading."""

    on: date
    post_count: int
    engagements: int | None
    reach: int | None


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """A channel over a window of local days, with what its numbers rest on."""

    days: tuple[Day, ...]
    read_count: int
    post_count: int
    engagements: int | None
    reach: int | None
    newest_reading_at: datetime | None
    link_clicks: Clicks


def latest(workspace: Workspace, delivery_ids: Iterable[int]) -> dict[int, dict[str, Reading]]:
    """Return the newest reading of each metric for each delivery, in one query."""
    newest = (
        Reading.objects.in_workspace(workspace)
        .filter(delivery_id__in=list(delivery_ids))
        .order_by("delivery_id", "metric", "-taken_at")
        .distinct("delivery_id", "metric")
    )
    found: dict[int, dict[str, Reading]] = defaultdict(dict)
    for reading in newest:
        if reading.delivery_id is not None:
            found[reading.delivery_id][reading.metric] = reading
    return dict(found)


def counts_of_post(post: Post) -> list[Counts]:
    """Return the latest counts of every delivered variant of `post`, by channel name."""
    deliveries = list(
        Delivery.objects.in_workspace(post.workspace)
        .filter(post=post, state="delivered", after=None)
        .select_related("channel", "reading_plan")
        .annotate(link_clicks=clicks_of_delivery())
        .order_by("channel__name", "pk")
    )
    return _counts(post.workspace, deliveries)


def channel_result(channel: Channel, *, until: datetime, days: int = 28) -> ChannelResult:
    """Return how the posts of the last `days` local days did, up to and with `until`'s day.

    A day's value belongs to the day of publishing and grows until the last reading.
    """
    zone = ZoneInfo(channel.workspace.time_zone)
    last = until.astimezone(zone).date()
    first = last - timedelta(days=days - 1)
    since = datetime.combine(first, datetime.min.time(), zone)
    deliveries = list(
        Delivery.objects.in_workspace(channel.workspace)
        .filter(channel=channel, state="delivered", after=None, delivered_at__gte=since)
        .filter(delivered_at__lte=until)
        .order_by("delivered_at", "pk")
    )
    counts = _counts(channel.workspace, deliveries)
    by_day: dict[date, list[Counts]] = defaultdict(list)
    for one in counts:
        if one.delivery.delivered_at is not None:
            by_day[one.delivery.delivered_at.astimezone(zone).date()].append(one)
    all_days = (first + timedelta(days=step) for step in range(days))
    return ChannelResult(
        days=tuple(_day(day, by_day.get(day, [])) for day in all_days),
        read_count=sum(1 for one in counts if one.values),
        post_count=len(counts),
        engagements=_sum(one.engagements for one in counts),
        reach=_sum(one.reach for one in counts),
        newest_reading_at=max((one.taken_at for one in counts if one.taken_at), default=None),
        link_clicks=clicks_of_channel(channel, first=first, last=last),
    )


def followers(channel: Channel) -> Reading | None:
    """Return the newest reading of the channel's followers; None when there is none."""
    return (
        Reading.objects.in_workspace(channel.workspace)
        .filter(channel=channel, delivery=None, metric=Metric.FOLLOWERS)
        .order_by("-taken_at", "-pk")
        .first()
    )


def workspace_counts(workspace: Workspace, *, since: datetime, until: datetime) -> list[Counts]:
    """Return the latest counts of everything delivered from `since` until before `until`."""
    deliveries = list(
        Delivery.objects.in_workspace(workspace)
        .filter(state="delivered", after=None)
        .filter(delivered_at__gte=since, delivered_at__lt=until)
        .select_related("channel")
        .order_by("delivered_at", "pk")
    )
    return _counts(workspace, deliveries)


def _counts(workspace: Workspace, deliveries: list[Delivery]) -> list[Counts]:
    found = latest(workspace, (delivery.pk for delivery in deliveries))
    result = []
    for delivery in deliveries:
        readings = found.get(delivery.pk, {})
        result.append(
            Counts(
                delivery,
                {metric: reading.value for metric, reading in readings.items()},
                max((reading.taken_at for reading in readings.values()), default=None),
                link_clicks=getattr(delivery, "link_clicks", None),
            )
        )
    return result


def _day(on: date, counts: list[Counts]) -> Day:
    return Day(
        on,
        len(counts),
        _sum(one.engagements for one in counts),
        _sum(one.reach for one in counts),
    )


def _sum(values: Iterable[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None
