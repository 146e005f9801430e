"""Whether a document may go to a channel, and what to mend first.

One set of checks for the composer, the approver and the dispatcher: what the page shows is
what sending will refuse.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from loa.connectors.contract import Capability, Limits
from loa.connectors.counting import caption_length
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.films import about_videos
from loa.content.rules.findings import Finding, Place, Severity, Value, in_order
from loa.content.rules.outgoing import COMMENT, Going, links_of
from loa.content.rules.wording import Earlier, about_wording, echo_of
from loa.kernel.text import normalise
from loa.library.rules.fitting import AssetFacts, fit
from loa.library.rules.rights import ended_by

BLOCK, WARN, HINT = Severity.BLOCK, Severity.WARN, Severity.HINT


def check(
    document: Document,
    *,
    limits: Limits,
    capabilities: Collection[Capability],
    assets: Mapping[int, AssetFacts],
    on: date,
    earlier: Sequence[Earlier] = (),
    going: Going | None = None,
    broken: Mapping[str, Mapping[str, Value]] | None = None,
) -> tuple[Finding, ...]:
    """Return what stands against publishing `document` on a channel, the heaviest first.

    assets: by id, those the workspace has; one that is missing blocks. on: the day on which
    it would go out, in the workspace's zone. earlier: what the channel said lately and is
    about to say, other posts only. going: the document as it goes out, whose length counts;
    None: as it is. broken: by link, what the last look found where people would see an error.
    """
    going = going or Going(document)
    found = [*_about_thread(document, limits), *_about_room(going)]
    for number, part in enumerate(document.parts):
        found += _about_part(part, number, going, limits)
        found += _about_attachments(part, number, limits, capabilities, assets)
        found += _about_rights(part, number, assets, on)
    found += _about_first_comment(going, document.first_comment, limits, capabilities)
    found += _about_echo(document, earlier)
    found += _about_links(document, broken or {})
    return in_order(found)


def _about_thread(document: Document, limits: Limits) -> list[Finding]:
    count = len(document.parts)
    if count <= limits.max_parts:
        return []
    code = "thread.unsupported" if limits.max_parts <= 1 else "thread.too_long"
    return [Finding(code, BLOCK, values={"count": count, "limit": limits.max_parts})]


def _about_links(document: Document, broken: Mapping[str, Mapping[str, Value]]) -> list[Finding]:
    """Warn of links that lead nowhere. Never a block: the look may be wrong, or early."""
    return [
        Finding("link.broken", WARN, place_of(part), {"link": url, **broken[url]})
        for part, url in (links_of(document) if broken else ())
        if url in broken
    ]


def _about_room(going: Going) -> list[Finding]:
    """Say where links go out as they are written because the text would become too long."""
    return [Finding("links.no_room", HINT, place_of(part)) for part in sorted(going.crowded)]


def _about_part(part: Part, number: int, going: Going, limits: Limits) -> list[Finding]:
    place = Place(part=number)
    if not part.caption.strip() and not part.attachments:
        code = "post.empty" if len(going.document.parts) == 1 else "part.empty"
        return [Finding(code, BLOCK, place, {"part": number + 1})]
    found = [
        *_about_length(going.caption(number), place, limits),
        *about_wording(part.caption, place),
    ]
    if number == 0 and len(part.attachments) < limits.images.min_count:
        found.append(Finding("image.wanted", BLOCK, place))
    return found


def _about_length(caption: str, place: Place, limits: Limits) -> list[Finding]:
    caption = normalise(caption)
    found = []
    length, most = caption_length(caption, limits.text), limits.text.max_chars
    if length > most:
        values = {"length": length, "limit": most, "over": length - most}
        found.append(Finding("text.too_long", BLOCK, place, values))
    size_bytes, most_bytes = len(caption.encode()), limits.text.max_bytes
    if most_bytes is not None and size_bytes > most_bytes:
        values = {"length": size_bytes, "limit": most_bytes, "over": size_bytes - most_bytes}
        found.append(Finding("text.too_many_bytes", BLOCK, place, values))
    return found


def _about_attachments(
    part: Part,
    number: int,
    limits: Limits,
    capabilities: Collection[Capability],
    assets: Mapping[int, AssetFacts],
) -> list[Finding]:
    places = [Place(part=number, attachment=at) for at in range(len(part.attachments))]
    pairs = list(zip(places, part.attachments, strict=True))
    pictures, videos = [], []
    for place, one in pairs:
        asset = assets.get(one.asset_id)
        if asset is not None and asset.is_video:
            videos.append((place, asset, one))
        else:
            pictures.append((place, one))
    found = about_videos(
        [(place, asset) for place, asset, _ in videos],
        part=number,
        pictures=len(pictures),
        limits=limits,
        capabilities=capabilities,
    )
    if limits.video is not None and Capability.ALT_TEXT in capabilities:
        most = limits.video.max_alt_chars
        for place, asset, one in videos:
            found += _about_alt_text(one, asset, place, most)
    return found + _about_images(pictures, number, limits, capabilities, assets)


def _about_images(
    pictures: Sequence[tuple[Place, Attachment]],
    number: int,
    limits: Limits,
    capabilities: Collection[Capability],
    assets: Mapping[int, AssetFacts],
) -> list[Finding]:
    count = len(pictures)
    if not count:
        return []
    if Capability.IMAGES not in capabilities or limits.images.max_count < 1:
        return [Finding("images.unsupported", BLOCK, Place(part=number), {"count": count})]
    found = []
    if count > limits.images.max_count:
        values = {"count": count, "limit": limits.images.max_count}
        found.append(Finding("images.too_many", BLOCK, Place(part=number), values))
    for place, attachment in pictures:
        asset = assets.get(attachment.asset_id)
        if asset is None:
            values = {"image": (place.attachment or 0) + 1}
            found.append(Finding("image.missing", BLOCK, place, values))
            continue
        found += _about_fit(asset, place, limits)
        if asset.is_replaced:
            values = {"image": (place.attachment or 0) + 1}
            found.append(Finding("image.newer_version", HINT, place, values))
        if Capability.ALT_TEXT in capabilities:
            found += _about_alt_text(attachment, asset, place, limits.images.max_alt_chars)
    return found


def _about_fit(asset: AssetFacts, place: Place, limits: Limits) -> list[Finding]:
    """Say what will be done to the picture; only a type nobody can write blocks."""
    fitted = fit(asset, limits.images)
    values = {"image": (place.attachment or 0) + 1}
    if fitted.as_it_is:
        return []
    if fitted.mime_type is None:
        return [Finding("image.type", BLOCK, place, values)]
    if fitted.loses_animation:
        return [Finding("image.stops_moving", WARN, place, values)]
    if fitted.loses_transparency:
        return [Finding("image.loses_transparency", WARN, place, values)]
    size: dict[str, Value] = {"width": fitted.width_px, "height": fitted.height_px}
    if fitted.crop is not None:
        found = Finding("image.cropped", WARN, place, {**values, **size})
    elif (fitted.width_px, fitted.height_px) != (asset.width_px, asset.height_px):
        found = Finding("image.made_smaller", HINT, place, {**values, **size})
    else:
        found = Finding("image.re_encoded", HINT, place, values)
    return [found]


def _about_rights(
    part: Part, number: int, assets: Mapping[int, AssetFacts], on: date
) -> list[Finding]:
    """Say which pictures may no longer be used on the day they would go out."""
    found = []
    for position, attachment in enumerate(part.attachments):
        asset = assets.get(attachment.asset_id)
        for ended in ended_by(asset.rights, on=on) if asset else ():
            place = Place(part=number, attachment=position)
            values: dict[str, Value] = {
                "image": position + 1,
                "day": ended.until.isoformat(),
            }
            if ended.person:
                values["person"] = ended.person
            code = "consent.ended" if ended.person else "rights.ended"
            found.append(Finding(code, BLOCK, place, values))
    return found


def _about_alt_text(
    attachment: Attachment, asset: AssetFacts, place: Place, most: int
) -> list[Finding]:
    alt_text = asset.alt_text if attachment.alt_text is None else attachment.alt_text
    values = {"image": (place.attachment or 0) + 1}
    if not alt_text.strip():
        code = "video.alt_missing" if asset.is_video else "alt.missing"
        return [Finding(code, WARN, place, values)]
    length = len(normalise(alt_text))
    if length > most:
        counts = {"length": length, "limit": most, "over": length - most}
        code = "video.alt_too_long" if asset.is_video else "alt.too_long"
        return [Finding(code, BLOCK, place, {**values, **counts})]
    return []


def _about_first_comment(
    going: Going, comment: str, limits: Limits, capabilities: Collection[Capability]
) -> list[Finding]:
    if not comment.strip():
        return []
    place = Place(first_comment=True)
    if Capability.FIRST_COMMENT not in capabilities:
        return [Finding("first_comment.unsupported", WARN, place)]
    return [
        *_about_length(going.document.first_comment, place, limits),
        *about_wording(comment, place),
    ]


def place_of(part: int) -> Place:
    """Return the place of a part, or of the first comment."""
    return Place(first_comment=True) if part == COMMENT else Place(part=part)


def _about_echo(document: Document, earlier: Sequence[Earlier]) -> list[Finding]:
    text = "\n".join(part.caption for part in document.parts)
    echo = echo_of(text, earlier)
    if echo is None:
        return []
    return [Finding("text.echo", WARN, values={"post_id": echo.post_id, "day": echo.day})]
