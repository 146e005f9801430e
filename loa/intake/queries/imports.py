"""Imports and their rows."""

from django.db.models import Count, Q, QuerySet

from loa.intake.models import Import, ImportRow
from loa.intake.rules.judging import Fit

State = Import.State


def fits_of(mode: str) -> tuple[Fit, ...]:
    """Return which rows a mode brings in: a draft may have what sending would refuse."""
    return (Fit.READY,) if mode == Import.Mode.SCHEDULE else (Fit.READY, Fit.DRAFT_ONLY)


def next_rows(of: Import, *, most: int) -> list[ImportRow]:
    """Return the next rows to bring in, in the order of the file."""
    rows = ImportRow.objects.in_workspace(of.workspace).filter(
        of=of, state=ImportRow.State.WAITING, fit__in=fits_of(of.mode)
    )
    return list(rows.order_by("number", "pk")[:most])


def shown_rows(of: Import, *, show: str) -> QuerySet[ImportRow]:
    """Return the rows of one tab of the page, in the order of the file."""
    rows = ImportRow.objects.in_workspace(of.workspace).filter(of=of)
    if show in set(Fit):
        rows = rows.filter(fit=show)
    if show in set(ImportRow.State):
        rows = rows.filter(state=show)
    return rows.select_related("post").order_by("number", "pk")


def left_over(of: Import) -> QuerySet[ImportRow]:
    """Return the rows that did not become posts: what a corrected file holds."""
    rows = ImportRow.objects.in_workspace(of.workspace).filter(of=of)
    if of.state in {State.READY, State.READING}:
        return rows.exclude(fit=Fit.READY)
    return rows.exclude(state=ImportRow.State.DONE)


def counts_by_fit(of: Import) -> dict[str, int]:
    """Count the rows by fit and by state."""
    counted = (
        ImportRow.objects.in_workspace(of.workspace)
        .filter(of=of)
        .aggregate(
            **{fit.value: Count("pk", filter=Q(fit=fit)) for fit in Fit},
            **{state.value: Count("pk", filter=Q(state=state)) for state in ImportRow.State},
        )
    )
    return dict(counted)
