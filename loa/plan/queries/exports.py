"""The plan as it is exported: every card of the days on the screen, with all it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from loa.channels.models import Channel
from loa.content.models import Campaign, Variant
from loa.content.rules.document import Document, document_from_json
from loa.ops import fence
from loa.plan.queries.cards import (
    Card,
    Filters,
    Group,
    card_of,
    groups_between,
    matches,
)
from loa.plan.rules import days
from loa.plan.rules.days import Window
from loa.workspace.models import Workspace

CARDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """A card with all that its post says there."""

    card: Card
    title: str
    language: str
    document: Document


def groups_in(
    workspace: Workspace, *, window: Window, filters: Filters, now: datetime
) -> list[Group]:
    """Return what is planned on the days of `window` and matches, in order of time."""
    since, until = window.span(workspace.time_zone)
    groups = groups_between(workspace, since=since, until=until, now=now)
    return [group for group in groups if matches(group, filters, now=now)]


def exported(workspace: Workspace, groups: list[Group], *, now: datetime) -> Iterator[Exported]:
    """Yield the groups as cards with their words, some hundred at a time.

    Opens its own transactions: it is read while the file is sent.
    """
    place = days.place(workspace.time_zone)
    with fence.inside(workspace.pk):
        channels = Channel.objects.in_workspace(workspace).in_bulk()
        campaigns = Campaign.objects.in_workspace(workspace).in_bulk()
    for some in batched(groups, CARDS_AT_ONCE):
        with fence.inside(workspace.pk):
            said = _said(workspace, some)
        for group in some:
            if group[0].variant_id not in said:
                continue  # deleted since
            title, language, document = said[group[0].variant_id]
            card = card_of(group, channels=channels, campaigns=campaigns, place=place, now=now)
            yield Exported(card, title, language, document)


def _said(workspace: Workspace, groups: tuple[Group, ...]) -> dict[int, tuple[str, str, Document]]:
    rows = (
        Variant.objects.in_workspace(workspace)
        .filter(pk__in=[group[0].variant_id for group in groups], post__deleted_at=None)
        .order_by("pk")
        .values_list("pk", "own", "post__shared", "post__title", "post__language")
    )
    return {
        pk: (title, language, document_from_json(own if own is not None else shared))
        for pk, own, shared, title, language in rows
    }
