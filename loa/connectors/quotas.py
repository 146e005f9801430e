"""How much a platform lets us do in a stretch of time, and what its answers say is left. Pure.

A platform declares its quotas in its folder; a channel may have told another measure when it
connected (facts); and every answer may carry what is left by the platform's own count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from loa.connectors.waits import until_s
from loa.kernel.json import JSON

FACT = "quotas"


class Scope(StrEnum):
    """Who shares a quota: one channel alone, or every channel of one instance."""

    CHANNEL = "channel"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `allowed` of something in every `window_s` seconds.

    part, medium, edit, delete, look: what each of these uses up, in the platform's own unit. A
    look is one request that only reads.
    """

    name: str
    scope: Scope
    allowed: int
    window_s: int
    part: int = 0
    medium: int = 0
    edit: int = 0
    delete: int = 0
    look: int = 0

    def cost(self, *, parts: int, media: int) -> int:
        """Return what publishing so many parts and files uses up."""
        return self.part * parts + self.medium * media


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer said about a quota: how much is left, and when the window begins anew."""

    name: str
    left: int
    resets_in_s: float
    allowed: int | None = None


def quotas_of(declared: tuple[Quota, ...], facts: Mapping[str, JSON]) -> tuple[Quota, ...]:
    """Return a channel's quotas: as declared, with the measures it told when it connected."""
    said = facts.get(FACT)
    if not isinstance(said, dict):
        return declared
    return tuple(_measured(one, said.get(one.name)) for one in declared)


def told(name: str, headers: Mapping[str, str], *, prefix: str = "x-ratelimit-") -> Told | None:
    """Read what an answer's headers say is left of the quota `name`; None when they say nothing.

    prefix: of the three headers -limit, -remaining and -reset.
    """
    left, allowed = _whole(headers.get(f"{prefix}remaining")), _whole(headers.get(f"{prefix}limit"))
    wait_s = until_s(headers.get(f"{prefix}reset", ""), date=headers.get("date", ""))
    if left is None or wait_s is None:
        return None
    return Told(name, left, max(0.0, wait_s), allowed or None)


def _measured(quota: Quota, allowed: JSON) -> Quota:
    if isinstance(allowed, int) and not isinstance(allowed, bool) and allowed > 0:
        return replace(quota, allowed=allowed)
    return quota


def _whole(value: str | None) -> int | None:
    plain = (value or "").strip()
    return int(plain) if plain.isdecimal() and len(plain) <= 9 else None  # noqa: PLR2004 (an int)
