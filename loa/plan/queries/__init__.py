"""Reads about the plan; one module per subject."""

from loa.plan.queries.calendar import Calendar, Day, FreeSlot, calendar_days
from loa.plan.queries.cards import EVERYTHING, Card, Filters
from loa.plan.queries.feeds import feed_cards, feed_of, feeds_in_use
from loa.plan.queries.missed import missed_deliveries
from loa.plan.queries.queue import posts_without_time, queue_of, waiting_variants
from loa.plan.queries.series import (
    NextDate,
    SeriesShown,
    all_series,
    coming_of,
    dates_ahead,
    later_dates,
    occurrence_of,
    past_of,
    series_shown,
    series_to_extend,
)
from loa.plan.queries.week import (
    MARGIN,
    ChannelWeek,
    channel_weeks,
    next_free_slots,
    taken_times,
)

__all__ = [
    "EVERYTHING",
    "MARGIN",
    "Calendar",
    "Card",
    "ChannelWeek",
    "Day",
    "Filters",
    "FreeSlot",
    "NextDate",
    "SeriesShown",
    "all_series",
    "calendar_days",
    "channel_weeks",
    "coming_of",
    "dates_ahead",
    "feed_cards",
    "feed_of",
    "feeds_in_use",
    "later_dates",
    "missed_deliveries",
    "next_free_slots",
    "occurrence_of",
    "past_of",
    "posts_without_time",
    "queue_of",
    "series_shown",
    "series_to_extend",
    "taken_times",
    "waiting_variants",
]
