"""Look at what is live: read an uncertain part back, and count what the audience did."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from loa.connectors.contract import (
    ChannelRef,
    Flow,
    Idempotency,
    MetricValue,
    OutgoingPart,
    Published,
)
from loa.connectors.errors import NotSent, Refused
from loa.connectors.reading import read_from
from loa.platforms.sandbox import wire
from loa.platforms.sandbox.calls import class_of, get, succeeded
from loa.platforms.sandbox.refusals import code_of

READINGS_AT_ONCE = 100
PAGE = 100
PAGES_MOST = 10
# Our clock and the network's may differ.
SLACK = timedelta(minutes=2)


def look_up(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Read an uncertain part back, the surest way the account allows."""
    match class_of(channel):
        case Idempotency.CLIENT_ID:
            return (yield from find_by_id(out, channel))
        case Idempotency.HANDLE_READ_BACK:
            return (yield from _find_by_reference(out, channel))
        case Idempotency.NATIVE_KEY | Idempotency.FEED_READ_BACK:
            return (yield from _find_in_feed(out, channel))
        case Idempotency.NONE:
            raise NotSent(
                "the posts of this account cannot be listed",
                platform=wire.PLATFORM,
                code="read_back.unavailable",
            )


def find_by_id(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Return the post under the id we chose; Refused when it is not ours."""
    answer = yield from get(channel, f"/posts/{out.reference}")
    if answer.status == HTTPStatus.NOT_FOUND and code_of(answer) == "post.unknown":
        return None
    post = read_from(succeeded(answer), wire.to_own_post, platform=wire.PLATFORM)
    if post.author != channel.handle:
        raise Refused("the id is somebody else's", platform=wire.PLATFORM, code="post.taken")
    return post.published


def readings(
    published: tuple[Published, ...], channel: ChannelRef
) -> Flow[Mapping[str, tuple[MetricValue, ...]]]:
    """Read the counts of many posts, a hundred at a time; posts that are gone are left out."""
    found: dict[str, tuple[MetricValue, ...]] = {}
    ids = [one.external_id for one in published]
    for start in range(0, len(ids), READINGS_AT_ONCE):
        batch = ",".join(ids[start : start + READINGS_AT_ONCE])
        answer = yield from get(channel, "/readings", ("ids", batch))
        found |= read_from(succeeded(answer), wire.to_readings, platform=wire.PLATFORM)
    return found


def channel_readings(channel: ChannelRef) -> Flow[tuple[MetricValue, ...]]:
    """Read how many people follow the account."""
    answer = yield from get(channel, f"/accounts/{channel.handle}/readings")
    return read_from(succeeded(answer), wire.to_channel_readings, platform=wire.PLATFORM)


def _find_by_reference(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    found = yield from _list(channel, ("client_ref", out.reference))
    return found[-1].published if found else None


def _find_in_feed(out: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Compare the account's newest posts, back to a little before the part was made.

    Of several that look alike, the oldest is the one that was sent first.
    """
    since = out.created_at - SLACK
    before: tuple[tuple[str, str], ...] = ()
    best: Published | None = None
    for _ in range(PAGES_MOST):
        page = yield from _list(channel, ("limit", str(PAGE)), *before)
        young = [one for one in page if one.created_at >= since]
        alike = [one.published for one in young if wire.is_same(one, out)]
        best = alike[-1] if alike else best
        if len(young) < PAGE:
            return best
        before = (("before", page[-1].published.external_id),)
    if best is None:
        raise NotSent(
            "too many newer posts to look that far back",
            platform=wire.PLATFORM,
            code="read_back.too_far",
        )
    return best


def _list(channel: ChannelRef, *params: tuple[str, str]) -> Flow[list[wire.OwnPost]]:
    answer = yield from get(channel, "/posts", *params)
    return read_from(succeeded(answer), wire.to_own_posts, platform=wire.PLATFORM)
