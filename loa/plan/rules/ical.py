"""Write the plan as iCalendar (RFC 5545): UTC times, stable names, growing sequence numbers."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import icalendar

# A post takes no time, but programs draw nothing for an event without a length.
LENGTH = timedelta(minutes=15)
REFRESH_AFTER = timedelta(minutes=15)
PRODUCT = "-//Loa//Editorial calendar//EN"


@dataclass(frozen=True, slots=True)
class Event:
    """One card of the calendar as others may see it.

    uid: the same for as long as the post lives. sequence: grows with every change. start and
    changed_at: instants in UTC. is_certain: it is scheduled, not only planned.
    """

    uid: str
    start: datetime
    summary: str
    description: str
    url: str
    is_certain: bool
    sequence: int
    changed_at: datetime


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """Return a whole calendar file."""
    whole = icalendar.Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("calscale", "GREGORIAN")
    whole.add("name", name)
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval", REFRESH_AFTER, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT15M")
    for event in events:
        whole.add_component(_event(event))
    written: bytes = whole.to_ical()
    return written


def fingerprint(text: bytes) -> str:
    """Return a mark that changes when the calendar does."""
    return hashlib.sha256(text).hexdigest()[:32]


def host_of(address: str) -> str:
    """Return the host of an address: what makes our names unique in the world."""
    return urlsplit(address).hostname or "loa"


def _event(event: Event) -> icalendar.Event:
    written = icalendar.Event()
    written.add("uid", event.uid)
    written.add("dtstamp", event.changed_at)
    written.add("last-modified", event.changed_at)
    written.add("dtstart", event.start)
    written.add("dtend", event.start + LENGTH)
    written.add("summary", event.summary)
    written.add("description", event.description)
    written.add("url", event.url)
    written.add("status", "CONFIRMED" if event.is_certain else "TENTATIVE")
    written.add("transp", "TRANSPARENT")
    written.add("sequence", event.sequence)
    return written
