"""The calendar: days with their cards, free slots, observances, clashes and empty days."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from loa.channels.models import Channel
from loa.content.models import Campaign
from loa.plan.queries.cards import (
    EVERYTHING,
    Card,
    Filters,
    Group,
    Row,
    card_of,
    fill_in,
    groups_between,
    matches,
    rows_of,
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
    found = groups_between(workspace, since=since - MARGIN, until=until + MARGIN, now=now)
    rows = rows_of(found)
    groups = [group for group in found if since <= group[0].planned_at < until]
    if filters:
        groups = [group for group in groups if matches(group, filters, now=now)]
    clashes = _clashes(rows, weeks, now=now)
    shown = _days(window, zone=zone, now=now)
    make = partial(
        card_of,
        channels={week.channel.pk: week.channel for week in weeks},
        campaigns={one.pk: one for one in campaigns},
        place=days.place(zone),
        now=now,
    )
    _put_in(shown, groups, make, zone=zone, room=CARDS_PER_DAY[window.view], only=only)
    whole = len(shown)
    if window.view is View.LIST:
        shown = _cut(shown)
    cards = [card for day in shown for card in day.cards]
    _mark(cards, clashes)
    fill_in(workspace, cards)
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
        post_count=len({group[0].post_id for group in groups}),
        campaign_counts=_campaign_counts(groups, campaigns),
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
    shown: tuple[Day, ...],
    groups: Iterable[Group],
    make: Callable[[Group], Card],
    *,
    zone: str,
    room: int,
    only: Collection[date] | None,
) -> None:
    # The days begin at these instants; a group belongs to the last one before it.
    starts = [days.day_start(day.date, zone) for day in shown]
    by_day: defaultdict[int, list[Group]] = defaultdict(list)
    for group in groups:
        by_day[bisect_right(starts, group[0].planned_at) - 1].append(group)
    for place, day in enumerate(shown):
        if only is not None and day.date not in only:
            continue
        held = by_day[place]
        # One card more than there is room for takes no more room than the words "1 more".
        fits = len(held) if len(held) <= room + 1 else room
        day.cards, day.more_count = [make(group) for group in held[:fits]], len(held) - fits


def _campaign_counts(
    groups: Iterable[Group], campaigns: Iterable[Campaign]
) -> tuple[tuple[Campaign | None, int], ...]:
    """Count the cards of each campaign, the most first."""
    by_id = {one.pk: one for one in campaigns}
    counts = Counter(group[0].campaign_id for group in groups)
    return tuple((by_id.get(pk or 0), count) for pk, count in counts.most_common())


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
