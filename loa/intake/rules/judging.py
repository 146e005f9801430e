"""What stands against a row: by the composer's own checks, the plan, and the rest of the file."""

import hashlib
import json
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.findings import Finding, Severity, blocks, in_order
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.preflight import check
from loa.intake.rules.naming import Names
from loa.intake.rules.rows import Asked, is_address
from loa.kernel.text import fold
from loa.library.rules.fitting import AssetFacts
from loa.plan.rules.clashes import SAME_TEXT_WITHIN

BLOCK, WARN, HINT = Severity.BLOCK, Severity.WARN, Severity.HINT
# Stands for an image that is fetched only when the row is brought in.
TO_FETCH = -1
_FETCHED = AssetFacts(mime_type="image/jpeg", size_bytes=1, width_px=1, height_px=1, alt_text="…")
LONGEST_CAPTION = 50_000
MOST_PARTS = 60
MOST_PER_CODE = 2


class Fit(StrEnum):
    """What a row is good for: to be scheduled, only to be kept as a draft, or nothing yet."""

    READY = "ready"
    DRAFT_ONLY = "draft_only"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row with everything it names found. own: by channel id; all say the same.

    campaign: a name that no campaign has yet. planned: None for a draft without a time.
    """

    channel_ids: tuple[int, ...]
    document: Document
    planned: PlannedTime | None
    campaign_id: int | None
    campaign: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its findings, the heaviest first, and the key by which it is known again."""

    wanted: Wanted
    findings: tuple[Finding, ...]
    fit: Fit
    key: str


@dataclass
class Surroundings:
    """What the rows meet: the plan as it is, and the rows before them in the file.

    taken, said: by channel, the instants at which it speaks, and what it says then. known:
    keys of rows that became posts before; seen: keys of this file, with their row's number.
    """

    zone: str
    taken: defaultdict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    said: defaultdict[int, dict[str, list[datetime]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    known: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)

    def add(self, channel_id: int, at: datetime, text_key: str | None) -> None:
        """Remember that the channel speaks at `at`."""
        insort(self.taken[channel_id], at)
        if text_key:
            insort(self.said[channel_id].setdefault(text_key, []), at)


def find(asked: Asked, names: Names, *, zone: str) -> Wanted:
    """Return what the row names; what cannot be found is a finding."""
    channel_ids, found = names.channels_named(asked.channels)
    attachments, about_images = _images(asked, names)
    captions = asked.captions
    first = Part(captions[0], attachments)
    document = Document(
        parts=(first, *(Part(caption) for caption in captions[1:])),
        first_comment=asked.first_comment,
    )
    planned = PlannedTime(asked.at, zone) if asked.at else None
    campaign_id = names.campaigns.get(fold(asked.campaign)) if asked.campaign else None
    return Wanted(
        channel_ids=channel_ids,
        document=document,
        planned=planned,
        campaign_id=campaign_id,
        campaign="" if campaign_id else asked.campaign,
        findings=(*asked.findings, *found, *about_images, *_too_much(document)),
    )


def with_fetched(wanted: Wanted, asked: Asked, fetched: Mapping[str, int | None]) -> Wanted:
    """Return `wanted` with the images that were fetched; one that was not is a finding."""
    pks = iter([fetched.get(address) for address in asked.addresses])
    attachments: list[Attachment] = []
    found: list[Finding] = []
    first = wanted.document.parts[0]
    for one in first.attachments:
        if one.asset_id != TO_FETCH:
            attachments.append(one)
            continue
        pk = next(pks, None)
        if pk is None:
            found.append(Finding("row.image_unreachable", BLOCK))
        else:
            attachments.append(replace(one, asset_id=pk))
    parts = (replace(first, attachments=tuple(attachments)), *wanted.document.parts[1:])
    return replace(
        wanted,
        document=replace(wanted.document, parts=parts),
        findings=(*wanted.findings, *found),
    )


def judge(
    asked: Asked,
    *,
    number: int,
    names: Names,
    assets: Mapping[int, AssetFacts],
    around: Surroundings,
    now: datetime,
) -> Judged:
    """Return what stands against the row `number`, and remember it for those that follow."""
    wanted = find(asked, names, zone=around.zone)
    found = list(wanted.findings)
    if wanted.document.is_empty:
        found.append(Finding("row.empty", BLOCK))
    found += _about_campaign(wanted)
    if not any(one.code.startswith(("row.day_", "row.time_")) for one in asked.findings):
        found += _about_time(wanted.planned, now=now)
    key = key_of(wanted, asked)
    found += _about_repeats(key, wanted, number, around)
    if not wanted.document.is_empty:
        today = now.astimezone(ZoneInfo(around.zone)).date()
        on = max(today, wanted.planned.local.date()) if wanted.planned else today
        found += _about_channels(wanted, names, assets, on=on)
    if not any(one.code in {"row.same_in_file", "row.imported", "row.exists"} for one in found):
        found += _about_plan(wanted, names, around)
    fit = _fit(found, wanted, names)
    if fit is not Fit.UNUSABLE:
        around.seen.setdefault(key, number)
        if wanted.planned:
            text_key = text_key_of(wanted.document)
            for channel_id in wanted.channel_ids:
                around.add(channel_id, wanted.planned.instant(), text_key)
    return Judged(wanted, in_order(_few(found)), fit, key)


def key_of(wanted: Wanted, asked: Asked) -> str:
    """Return one name for what the row would become: equal rows become one post."""
    canon = [
        sorted(wanted.channel_ids),
        wanted.planned.local.isoformat() if wanted.planned else "",
        asked.title,
        list(asked.captions),
        list(asked.images),
        asked.first_comment,
    ]
    text = json.dumps(canon, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def text_key_of(document: Document) -> str | None:
    """Return what the calendar compares captions by; None when nothing is said.

    The same as loa.plan.queries.cards has the database compute.
    """
    captions = [part.caption for part in document.parts]
    if captions == [""]:
        return None
    text = json.dumps(captions, ensure_ascii=False)
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _images(asked: Asked, names: Names) -> tuple[tuple[Attachment, ...], list[Finding]]:
    found: list[Finding] = []
    attachments: list[Attachment] = []
    for place, name in enumerate(asked.images):
        alt_text = asked.alt_texts[place] if place < len(asked.alt_texts) else ""
        pk = TO_FETCH if is_address(name) else names.image_named(name)
        if pk is None:
            found.append(Finding("row.image_unknown", BLOCK, values={"name": name[:80]}))
            continue
        attachments.append(Attachment(pk, alt_text or None))
    if asked.addresses:
        found.append(Finding("row.image_fetched", HINT, values={"count": len(asked.addresses)}))
    return tuple(attachments), found


def _too_much(document: Document) -> list[Finding]:
    texts = [*(part.caption for part in document.parts), document.first_comment]
    if len(document.parts) > MOST_PARTS or any(len(text) > LONGEST_CAPTION for text in texts):
        return [Finding("row.too_much", BLOCK)]
    return []


def _about_campaign(wanted: Wanted) -> list[Finding]:
    if not wanted.campaign:
        return []
    return [Finding("row.campaign_new", HINT, values={"name": wanted.campaign})]


def _about_time(planned: PlannedTime | None, *, now: datetime) -> list[Finding]:
    if planned is None:
        return [Finding("row.no_time", HINT)]
    if planned.instant() <= now:
        return [Finding("row.past", BLOCK)]
    if planned.was_skipped:
        return [Finding("row.time_skipped", WARN, values={"time": f"{planned.local:%H:%M}"})]
    return []


def _about_repeats(key: str, wanted: Wanted, number: int, around: Surroundings) -> list[Finding]:
    if key in around.known:
        return [Finding("row.imported", BLOCK)]
    if key in around.seen and around.seen[key] != number:
        return [Finding("row.same_in_file", BLOCK, values={"row": around.seen[key]})]
    text_key = text_key_of(wanted.document)
    if wanted.planned is None or text_key is None or not wanted.channel_ids:
        return []
    at = wanted.planned.instant()
    if all(at in around.said[pk].get(text_key, ()) for pk in wanted.channel_ids):
        return [Finding("row.exists", BLOCK)]
    return []


def _about_channels(
    wanted: Wanted, names: Names, assets: Mapping[int, AssetFacts], *, on: date
) -> list[Finding]:
    found: dict[tuple[str, str], Finding] = {}
    for pk in wanted.channel_ids:
        channel = names.channels[pk]
        checked = check(
            wanted.document,
            limits=channel.limits,
            capabilities=channel.capabilities,
            assets={**assets, TO_FETCH: _FETCHED},
            on=on,
        )
        for one in checked:
            values = {**one.values, "channel": channel.name}
            found.setdefault(
                (one.code, f"{one.place}{values}"),
                Finding(one.code, one.severity, one.place, values),
            )
        if not channel.is_connected:
            lost = Finding("row.channel_lost", WARN, values={"channel": channel.name})
            found[lost.code, channel.name] = lost
    return list(found.values())


def _about_plan(wanted: Wanted, names: Names, around: Surroundings) -> list[Finding]:
    """Say what the row comes too close to, and what it says again."""
    if wanted.planned is None:
        return []
    at, text_key = wanted.planned.instant(), text_key_of(wanted.document)
    found = []
    for pk in wanted.channel_ids:
        channel = names.channels[pk]
        apart = _nearest(around.taken[pk], at)
        if apart is not None and (apart < channel.min_gap.total_seconds() or not apart):
            values: dict[str, str | int] = {"count": int(apart // 60), "channel": channel.name}
            found.append(Finding("row.too_close", WARN, values=values))
        again = _nearest(around.said[pk].get(text_key or "", ()), at)
        if again is not None and again <= SAME_TEXT_WITHIN.total_seconds():
            values = {"count": max(int(again // 86_400), 1), "channel": channel.name}
            found.append(Finding("row.same_text", WARN, values=values))
    return found


def _nearest(instants: Sequence[datetime], at: datetime) -> float | None:
    place = bisect_left(instants, at)
    around = instants[max(place - 1, 0) : place + 1]
    return min((abs((at - one).total_seconds()) for one in around), default=None)


def _fit(found: Iterable[Finding], wanted: Wanted, names: Names) -> Fit:
    found = list(found)
    if blocks(one for one in found if one.code.startswith("row.")):
        return Fit.UNUSABLE
    is_cut_off = any(not names.channels[pk].is_connected for pk in wanted.channel_ids)
    return Fit.DRAFT_ONLY if is_cut_off or blocks(found) else Fit.READY


def _few(found: Iterable[Finding]) -> list[Finding]:
    """Keep the first few of each kind: a row is not a report."""
    counts: defaultdict[str, int] = defaultdict(int)
    kept = []
    for one in found:
        counts[one.code] += 1
        if counts[one.code] <= MOST_PER_CODE:
            kept.append(one)
    return kept
