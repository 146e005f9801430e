"""Operations that only read: the caller's account, limits, posts, threads."""

from aiohttp import web

from practice_network.accounts import Idempotency
from practice_network.api.call import Call, answer
from practice_network.api.showing import post_to_json
from practice_network.faults.book import Kind
from practice_network.feeds import END
from practice_network.limits import LIMITS
from practice_network.refusals import Refusal, wrong_field


async def show_me(call: Call) -> web.Response:
    """Return the caller's account, and what only its owner may know."""
    account = call.account
    return answer(
        {
            **account.to_json(call.base_url),
            "kind": account.kind,
            "idempotency": account.idempotency,
            "media_processing_s": account.media_processing_ms / 1000,
            "requests_per_window": account.requests_per_window,
            "has_sessions": account.has_sessions,
        }
    )


async def show_limits(call: Call) -> web.Response:
    """Return what the network accepts of the caller, or of anybody."""
    return answer((call.grant.account.limits if call.grant else LIMITS).to_json())


async def show_account(call: Call) -> web.Response:
    """Return an account as everybody sees it."""
    handle = call.request.match_info["handle"]
    account = call.network.accounts.find(handle)
    if account is None:
        raise Refusal(404, "account.unknown", f"There is no account @{handle}.")
    return answer(account.to_json(call.base_url))


async def list_posts(call: Call) -> web.Response:
    """Return the caller's own newest posts, or those with a client_ref."""
    account = call.account
    feeds = call.network.feeds
    now_ms = visible_until_ms(call)
    client_ref = call.request.query.get("client_ref")
    if client_ref is not None:
        if account.idempotency is not Idempotency.HANDLE_READ_BACK:
            raise wrong_field("client_ref", "this account cannot look posts up by a reference")
        posts = feeds.by_client_ref(account.handle, client_ref, now_ms=now_ms)
    elif account.idempotency is Idempotency.NONE:
        raise Refusal(403, "listing.unavailable", "The posts of this account cannot be listed.")
    else:
        before = call.request.query.get("before")
        posts = feeds.by_author(
            account.handle,
            before=feeds.place_of(before) if before else END,
            now_ms=now_ms,
            limit=listing_limit(call),
        )
    return answer({"posts": [post_to_json(one, call) for one in posts]})


async def show_post(call: Call) -> web.Response:
    """Return one post and how many replies it has."""
    network = call.network
    network.catch_up()
    post = network.board.find(call.request.match_info["post_id"])
    if post.created_at > visible_until_ms(call):
        raise Refusal(404, "post.unknown", f"There is no post {post.id!r}.")
    count = network.feeds.reply_count(post, now_ms=call.now_ms)
    return answer({**post_to_json(post, call), "reply_count": count})


async def list_replies(call: Call) -> web.Response:
    """Return the direct replies to a post, oldest first."""
    call.network.catch_up()
    post = call.network.board.find(call.request.match_info["post_id"])
    replies = call.network.feeds.replies(post, now_ms=visible_until_ms(call))
    return answer({"posts": [post_to_json(one, call) for one in replies]})


async def show_thread(call: Call) -> web.Response:
    """Return the first post of a thread and everything below it, oldest first."""
    network = call.network
    network.catch_up()
    post = network.board.find(call.request.match_info["post_id"])
    root_id = post.root or post.id
    below = network.feeds.thread(root_id, now_ms=visible_until_ms(call))
    first = post if post.root is None else network.feeds.find(root_id)
    root = post_to_json(first, call) if first else None  # None: taken down; its replies stay
    return answer({"root": root, "posts": [post_to_json(one, call) for one in below]})


async def show_media(call: Call) -> web.Response:
    """Return the state of one of the caller's pictures."""
    medium = call.network.gallery.find(
        call.request.match_info["media_id"], account=call.account.handle
    )
    return answer(medium.to_json(call.base_url, now_ms=call.now_ms))


def visible_until_ms(call: Call) -> int:
    """Return how new a post may be to be shown: now, or earlier under a stale_reads fault."""
    stale = call.network.faults.standing(
        Kind.STALE_READS,
        account=call.grant.account.handle if call.grant else "",
        operation=call.operation,
        now_ms=call.now_ms,
    )
    return call.now_ms - int(max((one.seconds for one in stale), default=0.0) * 1000)


def listing_limit(call: Call) -> int:
    """Return how many posts the caller wants on a page."""
    given = call.request.query.get("limit", "20")
    if not given.isdecimal() or not 1 <= int(given) <= LIMITS.listing_max_count:
        raise wrong_field("limit", f"a whole number from 1 to {LIMITS.listing_max_count}")
    return int(given)
