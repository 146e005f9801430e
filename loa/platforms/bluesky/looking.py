"""Look at what is live: read an uncertain part back, and count what the public did."""

from collections.abc import Mapping
from http import HTTPStatus

from loa.connectors.contract import Answer, ChannelRef, Flow, MetricValue, OutgoingPart, Published
from loa.connectors.errors import NotSent, Refused
from loa.connectors.reading import at, count, read_from, rows, text, text_or
from loa.kernel.json import JSON
from loa.kernel.text import normalise
from loa.platforms.bluesky import wire
from loa.platforms.bluesky.calls import query, succeeded
from loa.platforms.bluesky.refusals import name_of
from loa.platforms.bluesky.tid import tid_for

READINGS_AT_ONCE = 25


def look_up(part: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Ask for the record under the key we reserved: there, or not there. Nothing to compare."""
    rkey = part.reference or tid_for(part.key, part.created_at)
    answer = yield from _record(rkey, channel)
    if answer.status == HTTPStatus.BAD_REQUEST and _says_not_there(answer):
        return None
    body = succeeded(answer).body
    if text_or(body, "uri") != wire.address(channel.external_id, rkey):
        raise NotSent("another record came", platform=wire.PLATFORM, code="answer.unreadable")
    said = at(body, "value", "text")
    if said != normalise(part.caption):
        raise Refused(
            "another post is live under this key", platform=wire.PLATFORM, code="post.taken"
        )
    content_id = read_from(answer, lambda found: wire.cid(found, "cid"), platform=wire.PLATFORM)
    return wire.published(channel.external_id, rkey, content_id, part.created_at)


def content_id_of(published: Published, channel: ChannelRef) -> Flow[str]:
    """Return the CID of a published post; raises Refused (post.gone) when it is deleted."""
    answer = yield from _record(wire.rkey_of(published.external_id), channel)
    if answer.status == HTTPStatus.BAD_REQUEST and _says_not_there(answer):
        raise Refused("the post to answer is gone", platform=wire.PLATFORM, code="post.gone")
    return read_from(succeeded(answer), lambda b: wire.cid(b, "cid"), platform=wire.PLATFORM)


def readings(
    published: tuple[Published, ...], channel: ChannelRef
) -> Flow[Mapping[str, tuple[MetricValue, ...]]]:
    """Read the counts of many posts, 25 at a time; deleted ones are left out."""
    found: dict[str, tuple[MetricValue, ...]] = {}
    ids = [one.external_id for one in published]
    for start in range(0, len(ids), READINGS_AT_ONCE):
        uris = [("uris", uri) for uri in ids[start : start + READINGS_AT_ONCE]]
        answer = yield from query(
            channel.base_url, "app.bsky.feed.getPosts", *uris, token=channel.secret["access_jwt"]
        )
        found |= read_from(succeeded(answer), _counts, platform=wire.PLATFORM)
    return found


def channel_readings(channel: ChannelRef) -> Flow[tuple[MetricValue, ...]]:
    """Read how many follow the account."""
    answer = yield from query(
        channel.base_url,
        "app.bsky.actor.getProfile",
        ("actor", channel.external_id),
        token=channel.secret["access_jwt"],
    )
    followers = read_from(
        succeeded(answer), lambda body: count(body, "followersCount"), platform=wire.PLATFORM
    )
    return (MetricValue("followers", followers),)


def _record(rkey: str, channel: ChannelRef) -> Flow[Answer]:
    return query(
        channel.base_url,
        "com.atproto.repo.getRecord",
        ("repo", channel.external_id),
        ("collection", wire.COLLECTION),
        ("rkey", rkey),
    )


def _says_not_there(answer: Answer) -> bool:
    """Recognise a clean "no": by its name, or by the sentence of older servers."""
    return (
        name_of(answer) == "RecordNotFound"
        or "could not locate record" in text_or(answer.body, "message").lower()
    )


def _counts(body: JSON) -> dict[str, tuple[MetricValue, ...]]:
    return {text(post, "uri"): wire.to_readings(post) for post in rows(body, "posts")}
