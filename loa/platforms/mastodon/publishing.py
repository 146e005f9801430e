"""Upload, publish, edit and delete."""

from http import HTTPStatus
from itertools import chain, repeat
from urllib.parse import quote

from loa.connectors.contract import (
    Answer,
    ChannelRef,
    FilePart,
    Flow,
    Media,
    OutgoingPart,
    Published,
    Request,
    Staged,
    ask,
    pause,
)
from loa.connectors.errors import Refused, StillProcessing
from loa.connectors.reading import read_from, read_visible
from loa.kernel.json import JSON
from loa.platforms.mastodon import wire
from loa.platforms.mastodon.calls import signed, succeeded
from loa.platforms.mastodon.outgoing import focus, from_edit, from_part
from loa.platforms.mastodon.refusals import explain

UPLOAD_TIMEOUT_S = 180.0
# An image is ready at once, or within seconds on a busy instance.
PROCESSING_WAITS_S = (1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0)

# A video is transcoded there; what takes longer is asked for at the next try.
VIDEO_WAITS_S = (2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0)


def reserve(part: OutgoingPart) -> str:
    """Return the Idempotency-Key: the part's own, so that every try carries the same."""
    return part.key


def stage(part: OutgoingPart, channel: ChannelRef) -> Flow[Staged]:
    """Upload every file, and wait until the instance has processed it."""
    ids: list[JSON] = []
    for media, earlier in zip(part.media, chain(part.uploads, repeat(None)), strict=False):
        known = yield from _known(earlier, channel)
        attachment_id, is_ready = known or (yield from _upload(media, channel))
        ids.append(attachment_id)
        waits = VIDEO_WAITS_S if media.is_video else PROCESSING_WAITS_S
        if not (is_ready or (yield from _processed(attachment_id, channel, waits))):
            raise StillProcessing(
                "the instance is still processing a file",
                platform=wire.PLATFORM,
                uploads=tuple(ids),
            )
    return Staged(media=tuple(ids))


def publish(part: OutgoingPart, channel: ChannelRef) -> Flow[Published]:
    """Post one part. Its files are staged already, so this is the only step, and visible."""
    answer = yield from ask(
        Request(
            "POST",
            f"{channel.base_url}/api/v1/statuses",
            # Within the hour the same key gives us the first status again, not a second.
            headers={**signed(channel), "Idempotency-Key": part.reference or part.key},
            json=from_part(part),
            visible=True,
        )
    )
    if answer.status != HTTPStatus.OK:
        raise explain(answer, visible=True)
    return read_visible(answer, wire.to_published, platform=wire.PLATFORM)


def edit(part: OutgoingPart, published: Published, channel: ChannelRef) -> Flow[Published]:
    """Replace what is live. Saying it twice changes nothing, so it may be repeated."""
    answer = yield from ask(
        Request(
            "PUT",
            _address(published, channel),
            headers=signed(channel),
            json=from_edit(part),
        )
    )
    return read_from(succeeded(answer), wire.to_published, platform=wire.PLATFORM)


def delete(published: Published, channel: ChannelRef) -> Flow[None]:
    """Take a status down. One that is gone already is as good."""
    request = Request("DELETE", _address(published, channel), headers=signed(channel))
    answer = yield from ask(request)
    if answer.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        succeeded(answer)


def _address(published: Published, channel: ChannelRef) -> str:
    return f"{channel.base_url}/api/v1/statuses/{quote(published.external_id, safe='')}"


def _known(earlier: JSON, channel: ChannelRef) -> Flow[tuple[str, bool] | None]:
    """Return an attachment of an earlier try, and whether it can be posted; None if it is gone."""
    if not isinstance(earlier, str):
        return None
    answer = yield from _attachment(earlier, channel)
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    return earlier, _says_ready(answer)


def _upload(media: Media, channel: ChannelRef) -> Flow[tuple[str, bool]]:
    form = [("focus", focus(media))]
    if media.alt_text:
        form.append(("description", media.alt_text))
    files = [FilePart("file", media)]
    if media.cover is not None:
        files.append(FilePart("thumbnail", media.cover))
    answer = yield from ask(
        Request(
            "POST",
            f"{channel.base_url}/api/v2/media",
            headers=signed(channel),
            form=tuple(form),
            files=tuple(files),
            timeout_s=UPLOAD_TIMEOUT_S,
        )
    )
    if answer.status not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
        raise _media_refused(answer)
    attachment_id = read_from(answer, wire.to_status_id, platform=wire.PLATFORM)
    return attachment_id, answer.status == HTTPStatus.OK


def _processed(attachment_id: str, channel: ChannelRef, waits_s: tuple[float, ...]) -> Flow[bool]:
    """Wait until an attachment can be posted; never upload it again meanwhile."""
    for wait_s in waits_s:
        yield from pause(wait_s)
        if _says_ready((yield from _attachment(attachment_id, channel))):
            return True
    return False


def _attachment(attachment_id: str, channel: ChannelRef) -> Flow[Answer]:
    url = f"{channel.base_url}/api/v1/media/{quote(attachment_id, safe='')}"
    return (yield from ask(Request("GET", url, headers=signed(channel))))


def _says_ready(answer: Answer) -> bool:
    """Say whether an attachment can be posted; raise when its processing failed."""
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        return False
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        raise _media_refused(answer)
    succeeded(answer)
    return True


def _media_refused(answer: Answer) -> Exception:
    """Whatever sentence refuses an upload, it is about the file."""
    error = explain(answer)
    if isinstance(error, Refused) and error.code in {"platform.refused", "post.gone"}:
        return Refused(
            error.detail, platform=wire.PLATFORM, code="media.refused", status=answer.status
        )
    return error
