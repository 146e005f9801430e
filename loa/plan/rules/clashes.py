"""Posts that get in each other's way on one channel."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

SAME_TEXT_WITHIN = timedelta(days=30)


class ClashKind(StrEnum):
    """What is wrong between two posts."""

    TOO_CLOSE = "too_close"
    SAME_TEXT = "same_text"


class PlannedVariant(Protocol):
    """One variant on the calendar. text_key: equal for equal captions; empty when unknown."""

    @property
    def variant_id(self) -> int: ...
    @property
    def channel_id(self) -> int: ...
    @property
    def planned_at(self) -> datetime: ...
    @property
    def text_key(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Clash:
    """Two posts on one channel, the earlier first, `apart` from each other."""

    kind: ClashKind
    channel_id: int
    first: PlannedVariant
    second: PlannedVariant

    @property
    def apart(self) -> timedelta:
        """The time between the two."""
        return self.second.planned_at - self.first.planned_at


def find_clashes(
    variants: Iterable[PlannedVariant],
    *,
    min_gaps: Mapping[int, timedelta],
    default_gap: timedelta,
) -> tuple[Clash, ...]:
    """Return neighbours closer than the channel's minimum gap, and repeats of a text.

    min_gaps: by channel id; others have `default_gap`. Two variants at the very same instant
    always clash. A repeat counts within SAME_TEXT_WITHIN of the one before it.
    """
    by_channel: defaultdict[int, list[PlannedVariant]] = defaultdict(list)
    for variant in variants:
        by_channel[variant.channel_id].append(variant)
    clashes: list[Clash] = []
    for channel_id, row in by_channel.items():
        row.sort(key=lambda one: (one.planned_at, one.variant_id))
        gap = min_gaps.get(channel_id, default_gap)
        clashes += _too_close(channel_id, row, gap)
        clashes += _same_text(channel_id, row)
    return tuple(
        sorted(clashes, key=lambda one: (one.second.planned_at, one.kind, one.second.variant_id))
    )


def _too_close(channel_id: int, row: list[PlannedVariant], gap: timedelta) -> Iterable[Clash]:
    for first, second in pairwise(row):
        apart = second.planned_at - first.planned_at
        if apart < gap or not apart:
            yield Clash(ClashKind.TOO_CLOSE, channel_id, first, second)


def _same_text(channel_id: int, row: list[PlannedVariant]) -> Iterable[Clash]:
    last_with: dict[str, PlannedVariant] = {}
    for variant in row:
        if not variant.text_key:
            continue
        before = last_with.get(variant.text_key)
        if before is not None and variant.planned_at - before.planned_at <= SAME_TEXT_WITHIN:
            yield Clash(ClashKind.SAME_TEXT, channel_id, before, variant)
        last_with[variant.text_key] = variant
