"""The pages one reads: the feed, a profile, a post with its thread."""

from collections import defaultdict

from aiohttp import web

from practice_network.accounts import Account
from practice_network.audience.people import Person
from practice_network.feeds import END
from practice_network.pages.cards import Author, avatar, card
from practice_network.pages.layout import page
from practice_network.pages.markup import Html, element
from practice_network.pages.visit import NotThere, Visit
from practice_network.posts import Post

_PAGE = 20


async def show_feed(at: Visit) -> web.Response:
    """Show what all accounts posted, newest first."""
    feeds = at.network.feeds
    before = at.request.query.get("before")
    place = feeds.place_of(before) if before else END
    posts = feeds.public(before=place, now_ms=at.now_ms, limit=_PAGE + 1)
    accounts = at.network.accounts.all()
    return page(
        at,
        element("h1", at.words("feed")),
        _accounts(accounts, at) if accounts else None,
        _posts(posts, at, empty="empty_feed"),
        title=at.words("feed"),
    )


async def show_profile(at: Visit) -> web.Response:
    """Show an account with its posts, or a person of the audience with their comments."""
    handle = at.request.match_info["handle"].lower()
    account = at.network.accounts.find(handle)
    if account is not None:
        return _account_page(account, at)
    person = at.network.crowd.people.by_handle(handle)
    if person is None:
        raise NotThere
    return _person_page(person, at)


async def show_post(at: Visit) -> web.Response:
    """Show a post with its whole thread; a part or a comment leads to its first post."""
    feeds = at.network.feeds
    post = feeds.find(at.request.match_info["post_id"])
    if post is None or post.created_at > at.now_ms:
        raise NotThere
    root = feeds.find(post.root) if post.root else post
    below = feeds.thread(post.root or post.id, now_ms=at.now_ms)
    if root is None:
        root, below = post, [one for one in below if one.id != post.id]
    parts, comments = _split(root, below)
    counted = feeds.reply_counts([root.id, *(one.id for one in parts)], now_ms=at.now_ms)
    shown = [
        card(one, at, replies=counted.get(one.id, 0), heading="h2", whole_time=True)
        for one in (root, *parts)
    ]
    excerpt = root.text.split("\n")[0][:60]
    return page(
        at,
        element("h1", excerpt or at.words("network"), class_="quiet"),
        element("div", *shown, class_="thread"),
        element("h2", at.words("comments")),
        _tree(comments, at) if comments else element("p", at.words("empty_thread"), class_="empty"),
        title=excerpt,
    )


def _account_page(account: Account, at: Visit) -> web.Response:
    network, words = at.network, at.words
    before = at.request.query.get("before")
    place = network.feeds.place_of(before) if before else END
    posts = network.feeds.top_level(account.handle, before=place, now_ms=at.now_ms, limit=_PAGE + 1)
    followers = network.crowd.followers(account, at.now_ms)
    head = element(
        "header",
        avatar(Author(account.handle, account.name, is_simulated=False)),
        element("h1", element("bdi", account.name)),
        element("p", f"@{account.handle}", class_="handle"),
        element("p", account.bio) if account.bio else None,
        element(
            "p",
            f"{words.counted('followers', followers)} · {words(account.persona)} · ",
            element("a", "RSS", href=f"/@{account.handle}/feed.xml"),
            class_="facts",
        ),
        _another_code(account, at) if at.is_local else None,
        class_="profile",
    )
    return page(at, head, _posts(posts, at, empty="empty_profile"), title=account.name)


def _person_page(person: Person, at: Visit) -> web.Response:
    words = at.words
    said = at.network.feeds.by_author(person.handle, now_ms=at.now_ms, limit=_PAGE)
    head = element(
        "header",
        avatar(Author(person.handle, person.name, is_simulated=True)),
        element("h1", element("bdi", person.name)),
        element("p", f"@{person.handle} · {words('audience')}", class_="handle"),
        class_="profile",
    )
    return page(
        at,
        head,
        element("h2", words("audience_comments")),
        element("div", *(card(one, at, heading="h3") for one in said), class_="posts"),
        title=person.name,
    )


def _another_code(account: Account, at: Visit) -> Html:
    return element(
        "form",
        element("button", at.words("another_code")),
        method="post",
        action=f"/@{account.handle}/codes",
    )


def _accounts(accounts: list[Account], at: Visit) -> Html:
    links = [
        element(
            "li",
            element(
                "a",
                avatar(Author(one.handle, one.name, is_simulated=False)),
                element("bdi", one.name),
                href=f"/@{one.handle}",
            ),
        )
        for one in accounts
    ]
    return element("ul", *links, class_="accounts", aria_label=at.words("accounts"))


def _posts(posts: list[Post], at: Visit, *, empty: str) -> Html:
    shown = posts[:_PAGE]
    if not shown:
        return element("p", at.words(empty), class_="empty")
    counted = at.network.feeds.reply_counts([one.id for one in shown], now_ms=at.now_ms)
    cards = [card(one, at, replies=counted.get(one.id, 0)) for one in shown]
    more = None
    if len(posts) > _PAGE:
        more = element("a", at.words("older"), href=f"?before={shown[-1].id}", class_="older")
    return element("div", *cards, more, class_="posts")


def _split(root: Post, below: list[Post]) -> tuple[list[Post], list[Post]]:
    """Return the parts of a thread, one after another, and everything else below."""
    parts: list[Post] = []
    last = root
    for one in below:
        if one.author == root.author and one.reply_to == last.id:
            parts.append(one)
            last = one
    told = {one.id for one in parts}
    return parts, [one for one in below if one.id not in told]


def _tree(comments: list[Post], at: Visit) -> Html:
    """Return comments with their replies below them."""
    known = {one.id for one in comments}
    children: dict[str, list[Post]] = defaultdict(list)
    top: list[Post] = []
    for one in comments:
        (children[one.reply_to] if one.reply_to in known else top).append(one)

    def branch(posts: list[Post]) -> Html:
        leaves = [
            element(
                "li",
                card(one, at, heading="h3"),
                branch(children[one.id]) if children[one.id] else None,
            )
            for one in posts
        ]
        return element("ol", *leaves, class_="comments")

    return branch(top)
