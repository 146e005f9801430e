"""Reads about the plan; one module per subject."""

from loa.plan.queries.calendar import Calendar, Day, FreeSlot, calendar_days
from loa.plan.queries.cards import EVERYTHING, Card, Filters
from loa.plan.queries.queue import queue_of, waiting_variants
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
    "calendar_days",
    "channel_weeks",
    "next_free_slots",
    "queue_of",
    "taken_times",
    "waiting_variants",
]
