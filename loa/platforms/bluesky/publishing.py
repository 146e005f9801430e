"""Upload, publish and delete."""

from collections.abc import Mapping
from http import HTTPStatus

from loa.connectors.contract import (
    ChannelRef,
    Flow,
    Media,
    OutgoingPart,
    Published,
    Request,
    Staged,
    ask,
)
from loa.connectors.errors import Refused
from loa.connectors.reading import Unreadable, read_visible, text
from loa.kernel.json import JSON
from loa.kernel.text import normalise
from loa.platforms.bluesky import films, identity, wire
from loa.platforms.bluesky.calls import procedure, signed, succeeded
from loa.platforms.bluesky.cards import card_for, upload
from loa.platforms.bluesky.facets import handles_in
from loa.platforms.bluesky.looking import content_id_of
from loa.platforms.bluesky.refusals import explain
from loa.platforms.bluesky.tid import tid_for

HANDLES_MOST = 20


def reserve(part: OutgoingPart) -> str:
    """Return the record key under which the part will be live: known before it is sent."""
    return tid_for(part.key, part.created_at)


def stage(part: OutgoingPart, channel: ChannelRef) -> Flow[Staged]:
    """Upload every image or video; without any, prepare a card for the first link."""
    for media in part.media:
        _require_size(media)
    shown: list[JSON] = []
    for media in part.media:
        if media.is_video:
            # One video stands alone, so what an earlier try had uploaded is this one.
            job_id = part.uploads[0] if part.uploads else None
            shown.append((yield from films.upload(media, channel, job_id=job_id)))
        else:
            shown.append(wire.image((yield from upload(media, channel)), media))
    if shown:
        return Staged(media=tuple(shown))
    return Staged(link_card=(yield from card_for(normalise(part.caption), channel)))


def publish(part: OutgoingPart, channel: ChannelRef) -> Flow[Published]:
    """Write the record under the key we reserved. Only this is visible, and only once.

    A second try under the same key is turned away by the server, so it can never publish
    twice; it answers 500 then, which is Uncertain and settled by reading back.
    """
    rkey = part.reference or reserve(part)
    dids = yield from _mentioned(part, channel)
    reply = yield from _reply(part, channel)
    body: dict[str, JSON] = {
        "repo": channel.external_id,
        "collection": wire.COLLECTION,
        "rkey": rkey,
        "record": wire.to_record(part, dids, reply),
    }
    answer = yield from ask(
        Request(
            "POST",
            f"{channel.base_url}/xrpc/com.atproto.repo.createRecord",
            headers=signed(channel),
            json=body,
            visible=True,
        )
    )
    if answer.status != HTTPStatus.OK:
        raise explain(answer, visible=True)

    def read(created: JSON) -> Published:
        if text(created, "uri") != wire.address(channel.external_id, rkey):
            raise Unreadable("another record was written")
        content_id = wire.cid(created, "cid")
        return wire.published(channel.external_id, rkey, content_id, part.created_at)

    return read_visible(answer, read, platform=wire.PLATFORM)


def delete(published: Published, channel: ChannelRef) -> Flow[None]:
    """Take a post down. One that is gone already is as good."""
    body: dict[str, JSON] = {
        "repo": channel.external_id,
        "collection": wire.COLLECTION,
        "rkey": wire.rkey_of(published.external_id),
    }
    token = channel.secret["access_jwt"]
    method = "com.atproto.repo.deleteRecord"
    succeeded((yield from procedure(channel.base_url, method, token=token, body=body)))


def _mentioned(part: OutgoingPart, channel: ChannelRef) -> Flow[Mapping[str, str]]:
    """Return the DIDs of the mentioned handles; one that leads nowhere stays plain text."""
    dids: dict[str, str] = {}
    for handle in handles_in(normalise(part.caption))[:HANDLES_MOST]:
        did = yield from identity.resolve(channel.base_url, handle)
        if did is not None:
            dids[handle] = did
    return dids


def _reply(part: OutgoingPart, channel: ChannelRef) -> Flow[JSON]:
    """Return where a part hangs: under its parent, in the thread of its root."""
    if part.reply_to is None:
        return None
    parent = yield from _reference(part.reply_to, channel)
    if part.root is None or part.root.external_id == part.reply_to.external_id:
        return {"root": parent, "parent": parent}
    return {"root": (yield from _reference(part.root, channel)), "parent": parent}


def _reference(published: Published, channel: ChannelRef) -> Flow[JSON]:
    content_id = published.facts.get("cid")
    if not isinstance(content_id, str):
        content_id = yield from content_id_of(published, channel)
    return {"uri": published.external_id, "cid": content_id}


def _require_size(media: Media) -> None:
    """Refuse here what the server would take and then not let into a record."""
    video = wire.LIMITS.video
    most = video.max_bytes if media.is_video and video else wire.LIMITS.images.max_bytes
    if media.size_bytes > most:
        raise Refused(
            f"{media.size_bytes} bytes are too many",
            platform=wire.PLATFORM,
            code="media.too_large",
        )
