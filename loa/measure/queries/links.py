"""Reads of tracked links: how often people followed them, by link, day, post, channel, campaign.

Before anything could be counted a figure is None: unavailable is not 0.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from loa.channels.models import Channel
from loa.content.models import Campaign, Link
from loa.kernel.text import fold
from loa.measure.models import LinkDay
from loa.workspace.models import Workspace

DAYS = 28
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Clicks:
    """What links gathered. clicks: None when there was no link to click on.

    visitors: browsers, each counted once per link and day, added up. is_partial: there were
    more. since: when the first of the links was made.
    """

    clicks: int | None = None
    visitors: int | None = None
    robots: int | None = None
    is_partial: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """A link with the clicks of the last days. by_day: None before the link was made."""

    link: Link
    by_day: tuple[tuple[date, int | None], ...]

    @property
    def clicks(self) -> int:
        """Return the clicks of these days."""
        return sum(count or 0 for _day, count in self.by_day)

    @property
    def values(self) -> list[int]:
        """Return the known values, for a small line."""
        return [count for _day, count in self.by_day if count is not None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which links somebody wants to see. kind: "", "posts" or "print"."""

    kind: str = ""
    channel_id: int | None = None
    campaign_id: int | None = None
    words: str = ""


def links(workspace: Workspace, asked: Asked) -> QuerySet[Link]:
    """Return the tracked links that were asked for, the newest first."""
    found = Link.objects.in_workspace(workspace).select_related("post", "channel", "campaign")
    if asked.kind == "print":
        found = found.filter(post=None)
    elif asked.kind == "posts":
        found = found.filter(post__isnull=False)
    if asked.channel_id is not None:
        found = found.filter(channel_id=asked.channel_id)
    if asked.campaign_id is not None:
        found = found.filter(campaign_id=asked.campaign_id)
    for word in asked.words.split():
        found = found.filter(
            Q(target__icontains=word)
            | Q(label__icontains=word)
            | Q(code=word.lower())
            | Q(post__search_text__contains=fold(word))
        )
    return found.order_by("-made_at", "-pk")


def figures(
    workspace: Workspace, shown: Iterable[Link], *, now: datetime, days: int = DAYS
) -> list[LinkFigures]:
    """Return each link with its clicks of the last `days` local days, in one query."""
    shown = list(shown)
    zone = ZoneInfo(workspace.time_zone)
    every = last_days(now, zone=zone, days=days)
    counted = {
        (link_id, on): clicks
        for link_id, on, clicks in LinkDay.objects.in_workspace(workspace)
        .filter(link__in=shown, clicked_on__range=(every[0], every[-1]))
        .values_list("link_id", "clicked_on", "clicks")
    }
    return [
        LinkFigures(
            link,
            tuple(
                (
                    day,
                    counted.get((link.pk, day), 0)
                    if day >= link.made_at.astimezone(zone).date()
                    else None,
                )
                for day in every
            ),
        )
        for link in shown
    ]


def last_days(now: datetime, *, zone: ZoneInfo, days: int) -> list[date]:
    """Return the last `days` local days, today included, the oldest first."""
    today = now.astimezone(zone).date()
    return [today - timedelta(days=step) for step in reversed(range(days))]


def clicks_on(
    found: QuerySet[Link], *, first: date | None = None, last: date | None = None
) -> Clicks:
    """Return what `found` gathered, of these local days alone when they are given."""
    since = found.order_by("made_at").values_list("made_at", flat=True).first()
    if since is None:
        return Clicks()
    days = LinkDay.objects.filter(link__in=found.order_by().values("pk"))
    if first is not None:
        days = days.filter(clicked_on__gte=first)
    if last is not None:
        days = days.filter(clicked_on__lte=last)
    sums = days.aggregate(Sum("clicks"), Sum("visitors"), Sum("robots"))
    return Clicks(
        clicks=sums["clicks__sum"] or 0,
        visitors=sums["visitors__sum"] or 0,
        robots=sums["robots__sum"] or 0,
        is_partial=days.filter(is_partial=True).exists(),
        since=since,
    )


def clicks_of_link(link: Link) -> Clicks:
    """Return what one link gathered since it was made."""
    return clicks_on(Link.objects.filter(pk=link.pk))


def clicks_of_delivery() -> Subquery:
    """Return the clicks on the links of a delivery's post on its channel; None without links."""
    found = Link.objects.filter(post=OuterRef("post"), channel=OuterRef("channel"))
    return Subquery(
        found.order_by()
        .values("channel")
        .annotate(clicks=Coalesce(Sum("days__clicks"), 0))
        .values("clicks")
    )


def clicks_of_channel(channel: Channel, *, first: date, last: date) -> Clicks:
    """Return what the links of a channel gathered on these local days."""
    found = Link.objects.in_workspace(channel.workspace).filter(channel=channel)
    return clicks_on(found, first=first, last=last)


def clicks_of_campaign(campaign: Campaign) -> Clicks:
    """Return what the links of a campaign gathered: of its posts, and those made for print."""
    found = Link.objects.in_workspace(campaign.workspace).filter(
        Q(campaign=campaign) | Q(post__campaign=campaign)
    )
    return clicks_on(found)


def exported(
    workspace: Workspace, asked: Asked, *, base: str, most: int = MOST_EXPORTED
) -> Iterator[tuple[str, ...]]:
    """Yield a row per link and day with a click, then the links without any; newest links first."""
    found = links(workspace, asked).annotate(
        day=F("days__clicked_on"),
        counted=F("days__clicks"),
        visited=F("days__visitors"),
        robots=F("days__robots"),
    )
    for link in found.order_by("-made_at", "-pk", "day")[:most]:
        row: Any = link  # with what was annotated
        yield (
            f"{base}{link.code}",
            link.target,
            str(link.channel or ""),
            str(link.campaign or ""),
            str(link.post or ""),
            link.label,
            row.day.isoformat() if row.day else "",
            *(str(count or 0) for count in (row.counted, row.visited, row.robots)),
        )
