"""The log's filters as its address carries them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from loa.kernel.text import normalise
from loa.publish.queries import Filters, Shown
from loa.workspace.access import LoaRequest

LONGEST_WORDS = 100
_BIGINT_DIGITS = 18


def read(asked: QueryDict) -> Filters:
    """Return what the address asks for; what it gets wrong is left out."""
    begins, ends = _day(asked.get("from", "")), _day(asked.get("to", ""))
    shown = asked.get("state", "")
    return Filters(
        shown=Shown(shown) if shown in set(Shown) else Shown.PAST,
        channel_id=_id(asked.get("channel", "")),
        platform=asked.get("platform", "")[:32].replace("\x00", ""),
        campaign_id=_id(asked.get("campaign", "")),
        member_id=_id(asked.get("member", "")),
        begins_at=_midnight(begins) if begins else None,
        ends_at=_midnight(ends + timedelta(days=1)) if ends else None,
        late=asked.get("late") == "1",
        words=normalise(asked.get("q", "")).replace("\x00", "").strip()[:LONGEST_WORDS],
    )


def without_unknown(filters: Filters, known: Mapping[str, set[int]]) -> Filters:
    """Return the filters without ids that are no row of the workspace."""
    unknown: dict[str, Any] = {
        name: None for name, ids in known.items() if getattr(filters, name) not in {None, *ids}
    }
    return replace(filters, **unknown)


def address(request: LoaRequest, filters: Filters, *, page: str = "deliveries", **more: str) -> str:
    """Return the address of the log, or of its export, with these filters."""
    asked = {
        "state": filters.shown.value,
        "channel": str(filters.channel_id or ""),
        "platform": filters.platform,
        "campaign": str(filters.campaign_id or ""),
        "member": str(filters.member_id or ""),
        "from": _local_day(filters.begins_at),
        "to": _local_day(filters.ends_at, before=timedelta(days=1)),
        "late": "1" if filters.late else "",
        "q": filters.words,
        **more,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    url = reverse(f"publish:{page}", args=[request.workspace.slug])
    return f"{url}?{query}" if query else url


def count_in_use(filters: Filters) -> int:
    """Return how many filters narrow the log, its view aside."""
    return sum(
        getattr(filters, name) != getattr(Filters(), name)
        for name in Filters.__dataclass_fields__
        if name != "shown"
    )


def day_of(instant: datetime | None, *, last: bool = False) -> str:
    """Return the local day for a date field; last: of a filter's end, which is exclusive."""
    return _local_day(instant, before=timedelta(days=1) if last else timedelta())


def _local_day(instant: datetime | None, *, before: timedelta = timedelta()) -> str:
    return f"{timezone.localtime(instant).date() - before:%Y-%m-%d}" if instant else ""


def _id(text: str) -> int | None:
    fits = text.isascii() and text.isdecimal() and len(text) <= _BIGINT_DIGITS
    return int(text) if fits else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Beyond these a day more or an offset leaves the calendar.
    return day if date(1970, 1, 1) <= day <= date(2999, 12, 30) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
