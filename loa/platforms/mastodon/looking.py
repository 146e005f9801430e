"""Look at what is live: read an uncertain part back, and count what the public did."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from loa.connectors.contract import (
    ChannelRef,
    Flow,
    MetricValue,
    OutgoingPart,
    Published,
    Request,
    ask,
)
from loa.connectors.errors import NotSent
from loa.connectors.reading import at, read_from, rows, text, text_or
from loa.platforms.mastodon import wire
from loa.platforms.mastodon.calls import read_account, signed, succeeded
from loa.platforms.mastodon.content import as_compared, html_as_compared

PAGE = 40
PAGES_MOST = 5
READINGS_AT_ONCE = 20
# Our clock and the instance's may differ.
SLACK = timedelta(minutes=2)


def look_up(part: OutgoingPart, channel: ChannelRef) -> Flow[Published | None]:
    """Find an uncertain part among our own newest statuses.

    It must be younger than the part, under the same parent, with as many files, and say the
    same. None is a clean negative: every status of that time was looked at.
    """
    since = part.created_at - SLACK
    max_id = ""
    for _ in range(PAGES_MOST):
        page = yield from _own_statuses(channel, max_id)
        young = [one for one in page if one.created_at >= since]
        found = yield from _same(part, young, channel)
        if found is not None:
            return found
        if len(young) < len(page) or not page:
            return None
        max_id = page[-1].published.external_id
    raise NotSent(
        "too many statuses since the part was sent",
        platform=wire.PLATFORM,
        code="read_back.too_far",
    )


def readings(
    published: tuple[Published, ...], channel: ChannelRef
) -> Flow[Mapping[str, tuple[MetricValue, ...]]]:
    """Read the counts of many statuses, some at a time; deleted ones are left out."""
    found: dict[str, tuple[MetricValue, ...]] = {}
    ids = [one.external_id for one in published]
    for start in range(0, len(ids), READINGS_AT_ONCE):
        batch = ids[start : start + READINGS_AT_ONCE]
        found |= yield from _counts_of(batch, channel)
    return found


def channel_readings(channel: ChannelRef) -> Flow[tuple[MetricValue, ...]]:
    """Read how many follow the account."""
    account = yield from read_account(channel.base_url, channel.secret["access_token"])
    return () if account.followers is None else (MetricValue("followers", account.followers),)


def _own_statuses(channel: ChannelRef, max_id: str) -> Flow[list[wire.OwnStatus]]:
    url = f"{channel.base_url}/api/v1/accounts/{channel.external_id}/statuses"
    params = [("limit", str(PAGE)), ("exclude_reblogs", "true")]
    if max_id:
        params.append(("max_id", max_id))
    answer = yield from ask(Request("GET", url, headers=signed(channel), params=tuple(params)))
    return read_from(succeeded(answer), wire.to_own_statuses, platform=wire.PLATFORM)


def _same(
    part: OutgoingPart, statuses: list[wire.OwnStatus], channel: ChannelRef
) -> Flow[Published | None]:
    """Return the one of `statuses` that is `part`; oldest first, as it was sent."""
    parent = part.reply_to.external_id if part.reply_to else ""
    wanted = as_compared(part.caption)
    alike = [
        one
        for one in reversed(statuses)
        if one.reply_to_id == parent
        and one.media_count == len(part.staged or part.media)
        and one.published.external_id not in part.taken_ids
    ]
    for one in alike:
        if html_as_compared(one.content) == wanted:
            return one.published
    for one in alike:
        # Some forks render Markdown, so that the HTML says something else than was typed.
        source = yield from _source_of(one.published.external_id, channel)
        if source and as_compared(source) == wanted:
            return one.published
    return None


def _source_of(status_id: str, channel: ChannelRef) -> Flow[str]:
    url = f"{channel.base_url}/api/v1/statuses/{status_id}/source"
    answer = yield from ask(Request("GET", url, headers=signed(channel)))
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return ""  # deleted meanwhile, or a server that does not tell sources
    return text_or(succeeded(answer).body, "text")


def _counts_of(ids: list[str], channel: ChannelRef) -> Flow[dict[str, tuple[MetricValue, ...]]]:
    """Ask for a batch at once (4.3 and later), else for each."""
    if len(ids) > 1:
        params = tuple(("id[]", status_id) for status_id in ids)
        url = f"{channel.base_url}/api/v1/statuses"
        answer = yield from ask(Request("GET", url, headers=signed(channel), params=params))
        if answer.status == HTTPStatus.OK:
            statuses = read_from(answer, rows, platform=wire.PLATFORM)
            return {
                text(one, "id"): wire.to_readings(one) for one in statuses if text_or(one, "id")
            }
        if answer.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
            succeeded(answer)
    found: dict[str, tuple[MetricValue, ...]] = {}
    for status_id in ids:
        counts = yield from _counts_of_one(status_id, channel)
        if counts is not None:
            found[status_id] = counts
    return found


def _counts_of_one(status_id: str, channel: ChannelRef) -> Flow[tuple[MetricValue, ...] | None]:
    url = f"{channel.base_url}/api/v1/statuses/{status_id}"
    answer = yield from ask(Request("GET", url, headers=signed(channel)))
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return None
    body = succeeded(answer).body
    if at(body, "id") != status_id:
        raise NotSent("another status came", platform=wire.PLATFORM, code="answer.unreadable")
    return wire.to_readings(body)
