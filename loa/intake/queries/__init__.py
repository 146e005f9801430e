"""Reads about what comes in; one module per subject."""

from loa.intake.queries.imports import counts_by_fit, left_over, next_rows, shown_rows
from loa.intake.queries.sources import failing_sources, recent_entries, sources_of
from loa.intake.queries.surroundings import names_in, surroundings_of

__all__ = [
    "counts_by_fit",
    "failing_sources",
    "left_over",
    "names_in",
    "next_rows",
    "recent_entries",
    "shown_rows",
    "sources_of",
    "surroundings_of",
]
