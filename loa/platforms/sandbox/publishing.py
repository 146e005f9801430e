"""Publish on the practice network, change what is live, and take it down."""

import re
from http import HTTPStatus
from itertools import chain, repeat

from loa.connectors.contract import (
    ChannelRef,
    FilePart,
    Flow,
    Idempotency,
    Media,
    OutgoingPart,
    Published,
    Request,
    Staged,
    ask,
    pause,
)
from loa.connectors.errors import NotSent, Refused, StillProcessing, Uncertain
from loa.connectors.reading import read_from, read_visible
from loa.kernel.json import JSON
from loa.platforms.sandbox import wire
from loa.platforms.sandbox.calls import address, class_of, get, send, signed, succeeded
from loa.platforms.sandbox.looking import find_by_id
from loa.platforms.sandbox.refusals import code_of, explain

UPLOAD_TIMEOUT_S = 120.0
PROCESSING_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
_REFERENCE_MOST_CHARS = 64
_NO_ID = re.compile("[^0-9A-Za-z]")


def reserve(out: OutgoingPart) -> str:
    """Return the name under which this part can be found again: its key, as an id may look."""
    return f"loa-{_NO_ID.sub('-', out.key)}"[:_REFERENCE_MOST_CHARS]


def stage(out: OutgoingPart, channel: ChannelRef) -> Flow[Staged]:
    """Upload every picture or video, and wait until all of them can be posted."""
    ids: list[JSON] = []
    for media, earlier in zip(out.media, chain(out.uploads, repeat(None)), strict=False):
        uploaded = (yield from _known(earlier, channel)) or (yield from _upload(media, channel))
        ids.append(uploaded.media_id)
        if not (yield from _is_ready(uploaded, channel)):
            raise StillProcessing(
                "a file is still processed", platform=wire.PLATFORM, uploads=tuple(ids)
            )
    return Staged(media=tuple(ids))


def publish(out: OutgoingPart, channel: ChannelRef) -> Flow[Published]:
    """Post one part. Its pictures are already staged, so this is the only visible step."""
    fields, headers = wire.to_post(out), signed(channel)
    match class_of(channel):
        case Idempotency.NATIVE_KEY:
            headers["Idempotency-Key"] = out.reference
        case Idempotency.CLIENT_ID:
            fields["id"] = out.reference
        case Idempotency.HANDLE_READ_BACK:
            fields["client_ref"] = out.reference
        case Idempotency.FEED_READ_BACK | Idempotency.NONE:
            pass
    url = address(channel, "/posts")
    answer = yield from ask(Request("POST", url, headers=headers, json=fields, visible=True))
    if answer.status == HTTPStatus.CONFLICT and code_of(answer) == "post.exists":
        return (yield from _already_there(out, channel))
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise explain(answer, visible=True)
    return read_visible(answer, wire.to_published, platform=wire.PLATFORM)


def edit(out: OutgoingPart, published: Published, channel: ChannelRef) -> Flow[Published]:
    """Change a post that is live."""
    fields: dict[str, JSON] = {
        "text": out.caption,
        "language": out.language,
        "media_ids": list(out.staged),
    }
    answer = yield from send(channel, "PATCH", f"/posts/{published.external_id}", fields)
    return read_from(succeeded(answer), wire.to_published, platform=wire.PLATFORM)


def delete(published: Published, channel: ChannelRef) -> Flow[None]:
    """Take a post down; one that is gone already is as good."""
    answer = yield from send(channel, "DELETE", f"/posts/{published.external_id}")
    if answer.status != HTTPStatus.NOT_FOUND:
        succeeded(answer)


def _known(earlier: JSON, channel: ChannelRef) -> Flow[wire.Uploaded | None]:
    """Return what an earlier try uploaded; None when the network does not know it any more."""
    if not isinstance(earlier, str):
        return None
    answer = yield from get(channel, f"/media/{earlier}")
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    return read_from(succeeded(answer), wire.to_uploaded, platform=wire.PLATFORM)


def _upload(media: Media, channel: ChannelRef) -> Flow[wire.Uploaded]:
    request = Request(
        "POST",
        address(channel, "/media"),
        headers=signed(channel),
        form=wire.to_upload_form(media),
        files=(FilePart("file", media),),
        timeout_s=UPLOAD_TIMEOUT_S,
    )
    answer = yield from ask(request)
    return read_from(succeeded(answer), wire.to_uploaded, platform=wire.PLATFORM)


def _is_ready(uploaded: wire.Uploaded, channel: ChannelRef) -> Flow[bool]:
    """Wait for a file to be processed, for a while."""
    for wait_s in PROCESSING_WAITS_S:
        if uploaded.is_ready:
            return True
        yield from pause(wait_s)
        answer = yield from get(channel, f"/media/{uploaded.media_id}")
        uploaded = read_from(succeeded(answer), wire.to_uploaded, platform=wire.PLATFORM)
    return uploaded.is_ready


def _already_there(out: OutgoingPart, channel: ChannelRef) -> Flow[Published]:
    """Return the post that holds our id: an earlier try of this very part went through.

    Uncertain when it cannot be read now, Refused when it is somebody else's.
    """
    try:
        found = yield from find_by_id(out, channel)
    except NotSent as error:
        raise Uncertain(error.detail, platform=wire.PLATFORM, code=error.code) from None
    if found is None:
        raise Refused(
            "the id was used before", platform=wire.PLATFORM, code="post.taken", status=409
        )
    return found
