"""The calendar: days with their cards, free slots, observances, clashes and empty days."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loa.channels.models import Channel
from loa.content.models import Campaign
from loa.plan.queries.cards import (
    EVERYTHING,
    Card,
    Filters,
    Row,
    cards_of,
    fill_in,
    matches,
    rows_between,
)
from loa.plan.queries.week import MARGIN, ChannelWeek, channel_weeks
from loa.plan.rules import days, pacing
from loa.plan.rules.clashes import Clash, find_clashes
from loa.plan.rules.days import View, Window
from loa.plan.rules.gaps import EmptyDay, channels_on_rhythm, empty_days
from loa.plan.rules.lunar import LunarDay, lunar_day
from loa.plan.rules.observances import Observance, observances_on
from loa.plan.rules.pacing import Taken
from loa.plan.rules.slots import SlotTime, free_slot_times, slot_times
from loa.workspace.models import Workspace

# What one page can show without drowning anybody.
CARDS_PER_DAY = {View.MONTH: 3, View.WEEK: 10, View.LIST: 60}
CARDS_IN_LIST = 60


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that could still be filled."""

    channel: Channel
    time: SlotTime


@dataclass(slots=True)
class Day:
    """One day of the calendar. more_count: cards there was no room for."""

    date: date
    lunar: LunarDay
    observances: tuple[Observance, ...]
    is_today: bool
    is_past: bool
    is_beside: bool
    cards: list[Card] = field(default_factory=list)
    more_count: int = 0
    free: tuple[FreeSlot, ...] = ()
    empty_channels: tuple[Channel, ...] = ()

    @property
    def key(self) -> str:
        """Its date for machines and addresses."""
        return self.date.isoformat()

    @property
    def card_count(self) -> int:
        """All cards of the day, shown or not."""
        return len(self.cards) + self.more_count


@dataclass(frozen=True, slots=True)
class Calendar:
    """A page of the calendar.

    on_rhythm_count: channels with slots that leave no coming day empty, of rhythm_count.
    is_cut: a list that ends early, because its days are full.
    campaign_counts: posts per campaign (None: without), most first.
    """

    window: Window
    days: tuple[Day, ...]
    channels: tuple[Channel, ...]
    campaigns: tuple[Campaign, ...]
    clashes: tuple[Clash, ...]
    post_count: int
    campaign_counts: tuple[tuple[Campaign | None, int], ...]
    empty_day_count: int
    on_rhythm_count: int
    rhythm_count: int
    is_cut: bool = False

    @property
    def weeks(self) -> tuple[tuple[Day, ...], ...]:
        """The days in rows of seven."""
        step = days.DAYS_IN_WEEK
        return tuple(self.days[start : start + step] for start in range(0, len(self.days), step))


def calendar_days(
    workspace: Workspace,
    *,
    window: Window,
    now: datetime,
    filters: Filters = EVERYTHING,
    only: Collection[date] | None = None,
) -> Calendar:
    """Return what the days of `window` hold, in five queries however full they are.

    only: read the cards of these days alone (the others come back empty), to redraw what a
    move touched.
    """
    zone = workspace.time_zone
    weeks = channel_weeks(workspace)
    campaigns = tuple(Campaign.objects.in_workspace(workspace).order_by("name", "pk"))
    since, until = window.span(zone)
    rows = rows_between(workspace, since=since - MARGIN, until=until + MARGIN, now=now)
    cards = [
        card
        for card in cards_of(
            rows,
            channels={week.channel.pk: week.channel for week in weeks},
            campaigns={one.pk: one for one in campaigns},
            zone=zone,
            now=now,
        )
        if since <= card.at < until and matches(card, filters)
    ]
    clashes = _clashes(rows, weeks, now=now)
    _mark(cards, clashes)
    shown = _days(window, zone=zone, now=now)
    _put_in(shown, cards, room=CARDS_PER_DAY[window.view], only=only)
    whole = len(shown)
    if window.view is View.LIST:
        shown = _cut(shown)
    fill_in(workspace, [card for day in shown for card in day.cards])
    watched = _watched(weeks, filters)
    silent = _add_gaps(shown, watched, rows, zone=zone, now=now)
    if len(shown) < whole:
        last = shown[-1].date
        window = replace(window, last=last, following=last + timedelta(days=1))
    return Calendar(
        window=window,
        is_cut=len(shown) < whole,
        days=shown,
        channels=tuple(week.channel for week in weeks),
        campaigns=campaigns,
        clashes=tuple(one for one in clashes if since <= one.second.planned_at < until),
        post_count=len({card.post_id for card in cards}),
        campaign_counts=tuple(Counter(card.campaign for card in cards).most_common()),
        empty_day_count=len(silent),
        on_rhythm_count=channels_on_rhythm(silent, [week.channel.pk for week in watched]),
        rhythm_count=len(watched),
    )


def _days(window: Window, *, zone: str, now: datetime) -> tuple[Day, ...]:
    today = days.today(now, zone)
    is_month = window.view is View.MONTH
    return tuple(
        Day(
            date=day,
            lunar=lunar_day(day),
            observances=observances_on(day),
            is_today=day == today,
            is_past=day < today,
            is_beside=is_month and day.month != window.focus.month,
        )
        for day in window.days
    )


def _clashes(
    rows: Iterable[Row], weeks: Iterable[ChannelWeek], *, now: datetime
) -> tuple[Clash, ...]:
    """Return the clashes that can still be helped: the second of the two is yet to come."""
    since = now - MARGIN
    found = find_clashes(
        (row for row in rows if row.planned_at >= since and row.occupies),
        min_gaps={week.channel.pk: week.pacing.min_gap for week in weeks},
        default_gap=pacing.DEFAULT.min_gap,
    )
    return tuple(clash for clash in found if clash.second.planned_at > now)


def _mark(cards: Iterable[Card], clashes: Iterable[Clash]) -> None:
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for clash in clashes:
        codes[clash.first.variant_id].add(clash.kind)
        codes[clash.second.variant_id].add(clash.kind)
    if not codes:
        return
    for card in cards:
        on_card = set().union(*(codes.get(pk, ()) for pk in card.variant_ids))
        card.clash_codes = tuple(sorted(on_card))


def _put_in(
    shown: Iterable[Day], cards: Iterable[Card], *, room: int, only: Collection[date] | None
) -> None:
    by_day: defaultdict[date, list[Card]] = defaultdict(list)
    for card in cards:
        by_day[card.day].append(card)
    for day in shown:
        if only is not None and day.date not in only:
            continue
        held = by_day[day.date]
        # One card more than there is room for takes no more room than the words "1 more".
        fits = len(held) if len(held) <= room + 1 else room
        day.cards, day.more_count = held[:fits], len(held) - fits


def _cut(shown: tuple[Day, ...]) -> tuple[Day, ...]:
    """End a list after the day on which it has become long enough."""
    length = 0
    for place, day in enumerate(shown, start=1):
        length += day.card_count
        if length >= CARDS_IN_LIST:
            return shown[:place]
    return shown


def _watched(weeks: Iterable[ChannelWeek], filters: Filters) -> tuple[ChannelWeek, ...]:
    """Return the channels whose gaps matter: with slots, and not filtered out of sight."""
    if filters.states or filters.campaign_ids:
        return ()
    wanted = filters.channel_ids
    return tuple(week for week in weeks if week.slots and (not wanted or week.channel.pk in wanted))


def _add_gaps(
    shown: Iterable[Day],
    watched: Iterable[ChannelWeek],
    rows: Iterable[Row],
    *,
    zone: str,
    now: datetime,
) -> tuple[EmptyDay, ...]:
    """Tell the coming days their free slots and silent channels; return the silent ones."""
    coming = {day.date: day for day in shown if not day.is_past}
    if not coming:
        return ()
    since = days.day_start(min(coming), zone) - MARGIN
    taken: defaultdict[int, list[datetime]] = defaultdict(list)
    for row in rows:
        if row.planned_at >= since and row.occupies:
            taken[row.channel_id].append(row.planned_at)
    free: defaultdict[date, list[FreeSlot]] = defaultdict(list)
    silent: list[EmptyDay] = []
    for week in watched:
        channel, mine = week.channel, taken[week.channel.pk]
        times = slot_times(week.slots, zone=zone, first=min(coming), last=max(coming))
        so_far = Taken.of(mine, ZoneInfo(zone))
        for one in free_slot_times(times, so_far, now=now, pacing=week.pacing):
            free[one.day].append(FreeSlot(channel, one))
        ahead = [one for one in times if one.at > now]
        spoken = [(channel.pk, at) for at in mine]
        for gap in empty_days(ahead, spoken, zone=zone, from_day=min(coming)):
            silent.append(gap)
            coming[gap.day].empty_channels += (channel,)
    for day in coming.values():
        day.free = tuple(sorted(free[day.date], key=lambda one: (one.time.at, one.channel.pk)))
    return tuple(silent)
