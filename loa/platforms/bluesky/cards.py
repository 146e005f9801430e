"""Make a link card: Bluesky shows none unless the post brings it along."""

import io

from loa.connectors.contract import ChannelRef, Flow, Media, Request, ask
from loa.connectors.counting import links
from loa.connectors.errors import ChannelLost, GrantExpired, NotSent, Refused
from loa.connectors.pages import Picture, fetch_page, fetch_picture
from loa.connectors.reading import read_from
from loa.kernel.json import JSON
from loa.platforms.bluesky import wire
from loa.platforms.bluesky.calls import signed, succeeded

UPLOAD_TIMEOUT_S = 120.0


def card_for(caption: str, channel: ChannelRef) -> Flow[JSON]:
    """Return the card of the first link in `caption`, None when there is none to be had."""
    found = links(caption)
    page = (yield from fetch_page(found[0])) if found else None
    if page is None:
        return None
    card: dict[str, JSON] = {
        "uri": page.url,
        "title": page.title,
        "description": page.description,
    }
    if page.image_url:
        picture = yield from fetch_picture(page.image_url, max_bytes=wire.THUMB_MAX_BYTES)
        thumb = (yield from _thumb(picture, channel)) if picture else None
        if thumb is not None:
            card["thumb"] = thumb
    return card


def upload(media: Media, channel: ChannelRef) -> Flow[JSON]:
    """Upload bytes as they are, and return the reference that a record may hold."""
    request = Request(
        "POST",
        f"{channel.base_url}/xrpc/com.atproto.repo.uploadBlob",
        headers=signed(channel),
        media=media,
        timeout_s=UPLOAD_TIMEOUT_S,
    )
    answer = succeeded((yield from ask(request)))
    return read_from(answer, wire.to_blob, platform=wire.PLATFORM)


def _thumb(picture: Picture, channel: ChannelRef) -> Flow[JSON]:
    """Upload the card's picture. A card without one is still a card; a lost grant is not."""
    media = Media(
        asset_id=0,
        filename="card",
        mime_type=picture.mime_type,
        size_bytes=len(picture.content),
        open=lambda: io.BytesIO(picture.content),
    )
    try:
        return (yield from upload(media, channel))
    except (ChannelLost, GrantExpired):
        raise
    except (NotSent, Refused):
        return None
