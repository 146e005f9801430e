"""When a platform ends the interface that Loa speaks with it, as declared or as announced.

An announcement holds for the version that was spoken when it was heard, so it is over once Loa
speaks a newer one; and it is forgotten when the platform stopped repeating it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from loa.connectors.sunsets import Sunset
from loa.kernel.json import JSON

FORGOTTEN_AFTER = timedelta(days=30)
# Every answer repeats it; it is written down once a day, or when it says something else.
WRITTEN_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ApiEnd:
    """The end of a version of a platform's interface. ends_at: None where no day is known."""

    version: str
    ends_at: datetime | None


def api_end(
    announced: Mapping[str, JSON] | None, *, version: str, declared: date | None, now: datetime
) -> ApiEnd | None:
    """Return the end of `version`: the earlier of the declared day and the announced one."""
    heard = _heard(announced, version=version, now=now)
    days = [datetime.combine(declared, time(), tzinfo=UTC)] if declared else []
    if heard is not None and heard.ends_at is not None:
        days.append(heard.ends_at)
    if not days and heard is None:
        return None
    return ApiEnd(version, min(days, default=None))


def to_write(
    announced: Mapping[str, JSON] | None, heard: Sunset, *, version: str, now: datetime
) -> dict[str, JSON] | None:
    """Return what to keep of an announcement; None while it is kept already."""
    kept = _heard(announced, version=version, now=now)
    if kept == heard and announced is not None:
        heard_at = _instant(announced.get("heard_at"))
        if heard_at is not None and now - heard_at < WRITTEN_AGAIN_AFTER:
            return None
    return {
        "version": version,
        "ends_at": heard.ends_at.isoformat() if heard.ends_at else None,
        "heard_at": now.isoformat(),
    }


def _heard(announced: Mapping[str, JSON] | None, *, version: str, now: datetime) -> Sunset | None:
    if not announced or announced.get("version") != version:
        return None
    heard_at = _instant(announced.get("heard_at"))
    if heard_at is None or now - heard_at > FORGOTTEN_AFTER:
        return None
    return Sunset(_instant(announced.get("ends_at")))


def _instant(value: JSON) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
