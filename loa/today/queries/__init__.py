"""Reads for Today and the command palette; one module per subject."""

from loa.today.queries.coming import Coming, coming_observances
from loa.today.queries.finding import Found, find
from loa.today.queries.first_steps import FirstSteps, first_steps
from loa.today.queries.needs import Subject, count_needs, needs_of
from loa.today.queries.on_air import OnAir, on_air
from loa.today.queries.week import WeekSoFar, week_so_far

__all__ = [
    "Coming",
    "FirstSteps",
    "Found",
    "OnAir",
    "Subject",
    "WeekSoFar",
    "coming_observances",
    "count_needs",
    "find",
    "first_steps",
    "needs_of",
    "on_air",
    "week_so_far",
]
