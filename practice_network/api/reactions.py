"""Operations that tell what the audience did: readings, followers, and what was meant."""

from aiohttp import web

from practice_network.accounts import Account
from practice_network.api.call import Call, answer
from practice_network.clock import to_text
from practice_network.faults.book import Kind
from practice_network.json_values import Json
from practice_network.limits import LIMITS
from practice_network.posts import Post
from practice_network.refusals import Refusal, unknown_post, wrong_field

_FOLLOWERS_SHOWN = 50
_REMARKS_SHOWN = 1000


async def read_posts(call: Call) -> web.Response:
    """Return the counts of up to 100 own posts; one that no longer exists is left out."""
    ids = [one for one in call.request.query.get("ids", "").split(",") if one]
    if not 1 <= len(ids) <= LIMITS.listing_max_count:
        raise wrong_field("ids", f"1 to {LIMITS.listing_max_count} ids, separated by commas")
    return answer({"readings": _readings(call, _own_posts(call, ids))})


async def read_post(call: Call) -> web.Response:
    """Return the counts of one own post."""
    post_id = call.request.match_info["post_id"]
    readings = _readings(call, _own_posts(call, [post_id]))
    if not readings:
        raise unknown_post(post_id)
    return answer(readings[0])


async def read_account(call: Call) -> web.Response:
    """Return the counts of an account: followers, and how many posts it has up."""
    network, account = call.network, _account(call)
    network.catch_up()
    row = network.store.read_one(
        "SELECT count(*) AS n FROM posts WHERE author = ? AND created_at <= ?"
        " AND deleted_at IS NULL",
        account.handle,
        call.now_ms,
    )
    counts: dict[str, Json] = {
        "followers": network.crowd.followers(account, call.now_ms),
        "posts": row["n"] if row else 0,
    }
    told = {"handle": account.handle, "taken_at": to_text(call.now_ms)}
    return answer({**told, **_without_retired(call, counts)})


async def list_followers(call: Call) -> web.Response:
    """Return how many people follow an account, and some of them."""
    network, account = call.network, _account(call)
    network.catch_up()
    total = network.crowd.followers(account, call.now_ms)
    shown = network.crowd.some_followers(account, limit=min(total, _FOLLOWERS_SHOWN))
    people: list[Json] = [{"handle": one.handle, "name": one.name} for one in shown]
    return answer({"total": total, "followers": people})


async def list_remarks(call: Call) -> web.Response:
    """Return what the audience wrote with what it meant, after the remark numbered `since`."""
    call.network.catch_up()
    since = call.request.query.get("since", "0")
    if not since.isdecimal():
        raise wrong_field("since", "a whole number")
    rows = call.network.store.read(
        "SELECT * FROM posts WHERE intent IS NOT NULL AND seq > ? AND created_at <= ?"
        " ORDER BY seq LIMIT ?",
        int(since),
        call.now_ms,
        _REMARKS_SHOWN,
    )
    remarks: list[Json] = [
        {
            "seq": row["seq"],
            "id": row["id"],
            "author": row["author"],
            "reply_to": row["reply_to"],
            "text": row["text"],
            "language": row["language"],
            "intent": row["intent"],
            "created_at": to_text(row["created_at"]),
        }
        for row in rows
    ]
    return answer({"remarks": remarks})


def _own_posts(call: Call, ids: list[str]) -> list[Post]:
    """Return those of the caller's posts that are up; Refusal for a post of somebody else."""
    found = [post for one in ids if (post := call.network.feeds.find(one)) is not None]
    if any(post.author != call.account.handle for post in found):
        raise Refusal(403, "post.not_yours", "Only its author may read a post's counts.")
    return found


def _readings(call: Call, posts: list[Post]) -> list[Json]:
    network = call.network
    network.catch_up()
    replies = network.feeds.reply_counts([one.id for one in posts], now_ms=call.now_ms)
    readings: list[Json] = []
    for post in posts:
        counts = network.crowd.counts(post.id, call.now_ms)
        told: dict[str, Json] = {
            "likes": counts.likes,
            "replies": replies.get(post.id, 0),
            "reposts": counts.reposts,
            "reach": max(counts.reach, replies.get(post.id, 0)),
            "impressions": max(counts.impressions, replies.get(post.id, 0)),
            "link_clicks": counts.link_clicks,
        }
        said = {"post_id": post.id, "taken_at": to_text(call.now_ms)}
        readings.append({**said, **_without_retired(call, told)})
    return readings


def _without_retired(call: Call, counts: dict[str, Json]) -> dict[str, Json]:
    """Return the counts without those a fault has retired: missing, as elsewhere, and not 0."""
    retired = {
        metric
        for fault in call.network.faults.standing(
            Kind.RETIRED_METRIC,
            account=call.account.handle,
            operation=call.operation,
            now_ms=call.now_ms,
        )
        for metric in fault.metrics
    }
    return {name: value for name, value in counts.items() if name not in retired}


def _account(call: Call) -> Account:
    handle = call.request.match_info["handle"]
    account = call.network.accounts.find(handle)
    if account is None:
        raise Refusal(404, "account.unknown", f"There is no account @{handle}.")
    return account
