"""One tab of the composer: the shared words, or those of one channel."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loa.channels.models import Channel
from loa.connectors.contract import Capability, Limits, TextRules
from loa.connectors.counting import bytes_over_by, caption_length
from loa.content.models import LinkCheck
from loa.content.queries import limits_of
from loa.content.rules.document import Document
from loa.content.rules.findings import Finding, Place, in_order
from loa.create.rules.composition import Focus
from loa.create.rules.editing import SHARED
from loa.library.models import Asset

if TYPE_CHECKING:
    from loa.create.queries.composer import Composer, Seat


@dataclass(frozen=True)
class Counter:
    """How much room a caption takes on channels that count alike. rules: JSON for the browser.

    more, more_bytes: what its links add or save as they go out; the browser adds it to what it
    counts.
    """

    channels: tuple[Channel, ...]
    used: int
    limit: int
    bytes_over: int
    rules: str
    more: int = 0
    more_bytes: int = 0

    @property
    def is_over(self) -> bool:
        """True when the platform would refuse the length."""
        return self.used > self.limit or self.bytes_over > 0


@dataclass(frozen=True)
class Image:
    """An image of a part. field: what its inputs' names begin with. asset: None when gone."""

    number: int
    field: str
    asset_id: int
    asset: Asset | None
    alt_text: str
    focus_x: float
    focus_y: float

    @property
    def id(self) -> str:
        """Return the id that its dialog's id begins with."""
        return self.field.replace(".", "-")

    @property
    def focus(self) -> Focus:
        """Return the focal point as styles know it."""
        return Focus.at(self.focus_x, self.focus_y)


@dataclass(frozen=True)
class PartBox:
    """A part to write in. field: what its inputs' names begin with, e.g. "s.p0"."""

    number: int
    field: str
    caption: str
    images: tuple[Image, ...]
    counters: tuple[Counter, ...]
    is_last: bool

    @property
    def id(self) -> str:
        """Return the id that its fields' ids begin with."""
        return self.field.replace(".", "-")

    @property
    def order(self) -> str:
        """Return how orders name it, e.g. "s:0"."""
        return self.field.replace(".p", ":")


@dataclass(frozen=True)
class Noticed:
    """A finding on the page: where it leads, and which channels it is about.

    field: id of what to mend, "" for none. dialog: id of a dialog that mends it, "" for none.
    """

    finding: Finding
    channels: tuple[Channel, ...]
    field: str
    dialog: str


@dataclass(frozen=True)
class LinkShown:
    """A link as readers of these channels get it. leads_to: "" when that is what they see.

    check: what the last look at it found; None when nobody asked for one.
    """

    written: str
    goes: str
    leads_to: str
    channels: tuple[Channel, ...]
    check: LinkCheck | None = None


@dataclass(frozen=True)
class Panel:
    """A tab with what can be written there. seat: None for the shared words.

    is_own: the channel has words of its own. What follows or is fixed is shown, not edited.
    """

    name: str
    seat: "Seat | None"
    parts: tuple[PartBox, ...]
    comment: str
    is_own: bool
    is_fixed: bool
    takes_threads: bool
    takes_images: bool
    takes_comment: bool
    noticed: tuple[Noticed, ...]
    links: tuple[LinkShown, ...]

    @property
    def is_edited_here(self) -> bool:
        """True when this panel has fields."""
        return not self.is_fixed and (self.seat is None or self.is_own)

    @property
    def comment_id(self) -> str:
        """Return the id of the first comment's field."""
        return f"{self.name}-comment"


def panel_of(composer: "Composer", seat: "Seat | None") -> Panel:
    """Return the panel of a channel, or of the shared words."""
    name = seat.name if seat else SHARED
    document = composer.state.document_for(seat.channel.pk) if seat else composer.state.shared
    seats = (seat,) if seat else tuple(one for one in composer.chosen if not one.has_own)
    writes_in = name if seat is None or seat.has_own else SHARED
    any_seat = seats or composer.chosen or composer.seats
    return Panel(
        name=name,
        seat=seat,
        parts=_parts(composer, document, name=name, seats=seats),
        comment=document.first_comment,
        is_own=seat is not None and seat.has_own,
        is_fixed=seat.is_fixed if seat else not composer.is_open,
        takes_threads=_any_can(any_seat, Capability.THREADS) or len(document.parts) > 1,
        takes_images=_any_can(any_seat, Capability.IMAGES) or bool(document.asset_ids()),
        takes_comment=_any_can(any_seat, Capability.FIRST_COMMENT) or bool(document.first_comment),
        noticed=_noticed(seats, writes_in=writes_in),
        links=_links(seats, composer.checks),
    )


def _any_can(seats: Iterable["Seat"], capability: Capability) -> bool:
    return any(seat.can(capability) for seat in seats)


def _parts(
    composer: "Composer", document: Document, *, name: str, seats: tuple["Seat", ...]
) -> tuple[PartBox, ...]:
    boxes = []
    for number, part in enumerate(document.parts):
        field = f"{name}.p{number}"
        images = []
        for place, one in enumerate(part.attachments):
            asset = composer.assets.get(one.asset_id)
            focus = one.focus or ((asset.focus_x, asset.focus_y) if asset else (0.0, 0.0))
            alt_text = one.alt_text if one.alt_text is not None else (asset and asset.alt_text)
            images.append(
                Image(place, f"{field}.a{place}", one.asset_id, asset, alt_text or "", *focus)
            )
        boxes.append(
            PartBox(
                number=number,
                field=field,
                caption=part.caption,
                images=tuple(images),
                counters=_counters(part.caption, number, seats),
                is_last=number == len(document.parts) - 1,
            )
        )
    return tuple(boxes)


def _counters(caption: str, number: int, seats: tuple["Seat", ...]) -> tuple[Counter, ...]:
    """Return one counter for all channels that count alike, the tightest first."""
    alike: dict[tuple[TextRules, int, int], tuple[Limits, str, list[Channel]]] = {}
    for seat in seats:
        if seat.connector is not None:
            limits = limits_of(seat.channel, seat.connector)
            goes = _as_it_goes(caption, number, seat)
            used = caption_length(goes, limits.text)
            size_bytes = len(goes.encode())
            group = alike.setdefault((limits.text, used, size_bytes), (limits, goes, []))
            group[2].append(seat.channel)
    counters = [
        Counter(
            channels=tuple(channels),
            used=used,
            limit=rules.max_chars,
            bytes_over=bytes_over_by(goes, rules),
            rules=json.dumps(limits.to_json()["text"]),
            more=used - caption_length(caption, rules),
            more_bytes=size_bytes - len(caption.encode()),
        )
        for (rules, used, size_bytes), (limits, goes, channels) in alike.items()
    ]
    return tuple(sorted(counters, key=lambda one: one.limit - one.used))


def _as_it_goes(caption: str, number: int, seat: "Seat") -> str:
    """Return what goes out of a part; the caption itself where the two are not of one length."""
    parts = seat.going.document.parts
    return parts[number].caption if number < len(parts) else caption


def _links(seats: tuple["Seat", ...], checks: Mapping[str, LinkCheck]) -> tuple[LinkShown, ...]:
    """Gather what becomes of the links; what channels share is said once."""
    about: dict[tuple[str, str, str], list[Channel]] = {}
    for seat in seats:
        for link in seat.going.links:
            leads_to = link.target if link.code else ""
            channels = about.setdefault((link.written, link.goes, leads_to), [])
            if seat.channel not in channels:
                channels.append(seat.channel)
    return tuple(
        LinkShown(written, goes, leads_to, tuple(channels), checks.get(written))
        for (written, goes, leads_to), channels in about.items()
    )


def _noticed(seats: tuple["Seat", ...], *, writes_in: str) -> tuple[Noticed, ...]:
    """Gather the findings of channels; the same one about several is said once."""
    about: dict[tuple[str, Place, str], tuple[Finding, list[Channel]]] = {}
    for seat in seats:
        for finding in seat.findings:
            key = (finding.code, finding.place, json.dumps(dict(finding.values), sort_keys=True))
            about.setdefault(key, (finding, []))[1].append(seat.channel)
    channels = {id(finding): tuple(found) for finding, found in about.values()}
    return tuple(
        Noticed(
            finding,
            channels[id(finding)],
            _field(finding.place, writes_in),
            _dialog(finding.place, writes_in),
        )
        for finding in in_order(finding for finding, _ in about.values())
    )


def _field(place: Place, name: str) -> str:
    if place.first_comment:
        return f"{name}-comment"
    return "" if place.part is None else f"{name}-p{place.part}-caption"


def _dialog(place: Place, name: str) -> str:
    if place.part is None or place.attachment is None:
        return ""
    return f"{name}-p{place.part}-a{place.attachment}-dialog"
