"""Posts and people as they are drawn on every page."""

import re
from dataclasses import dataclass

from practice_network.audience.chance import named
from practice_network.audience.crowd import Counts
from practice_network.media import Medium
from practice_network.pages.markup import Html, element, join
from practice_network.pages.visit import HOME_ZONE, Visit
from practice_network.posts import FROM_AUDIENCE, Post

_TONES = 8
_FOCUS_STEPS = 5
_LINKED = re.compile(
    r"(?P<link>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}…])"
    r"|(?<![\w@/])@(?P<handle>[A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?)"
    r"|(?<![\w#&/])(?P<tag>#\w*[^\W\d_]\w*)"
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post: an account, or a person of the audience."""

    handle: str
    name: str
    is_simulated: bool


def author_of(post: Post, at: Visit) -> Author:
    """Return who wrote `post`."""
    if post.origin == FROM_AUDIENCE:
        person = at.network.crowd.people.by_handle(post.author)
        return Author(post.author, person.name if person else post.author, is_simulated=True)
    account = at.network.accounts.find(post.author)
    return Author(post.author, account.name if account else post.author, is_simulated=False)


def card(
    post: Post,
    at: Visit,
    *,
    replies: int | None = None,
    heading: str = "h2",
    whole_time: bool = False,
) -> Html:
    """Return one post. replies: how many; None leaves all counts out, as under a comment."""
    author = author_of(post, at)
    name = element("a", element("bdi", author.name), href=f"/@{author.handle}")
    return element(
        "article",
        avatar(author),
        element(
            "header",
            element(heading, name, class_="name"),
            element("span", f"@{author.handle}", class_="handle"),
            _time(post, at, whole=whole_time),
        ),
        element("div", rich(post.text), class_="text", lang=post.language, dir="auto"),
        _pictures(post, at),
        _counts(post, at, replies) if replies is not None else None,
        class_="post comment" if post.origin == FROM_AUDIENCE else "post",
        id=f"p-{post.id}",
    )


def avatar(author: Author) -> Html:
    """Return a round mark with the first letter of the name."""
    tone = named(0, author.handle).randrange(_TONES)
    letter = author.name.split()[-1][:1].upper() if author.name.split() else "?"
    return element("span", letter, class_=f"avatar tone-{tone}", aria_hidden="true")


def rich(text: str) -> Html:
    """Return a text with its links, mentions and hashtags marked."""
    pieces: list[str] = []
    end = 0
    for found in _LINKED.finditer(text):
        pieces.append(text[end : found.start()])
        end = found.end()
        if link := found["link"]:
            pieces.append(element("a", link, href=link, rel="nofollow noopener noreferrer"))
        elif handle := found["handle"]:
            pieces.append(element("a", f"@{handle}", href=f"/@{handle.lower()}"))
        else:
            pieces.append(element("span", found["tag"], class_="tag"))
    return join([*pieces, text[end:]])


def _time(post: Post, at: Visit, *, whole: bool) -> Html:
    words, moment = at.words, at.words.moment(post.created_at, zone=HOME_ZONE)
    short = words.ago(post.created_at, now_ms=at.now_ms, zone=HOME_ZONE)
    return element(
        "span",
        element("a", moment if whole else short, href=f"/p/{post.root or post.id}#p-{post.id}"),
        f" · {words('edited')}" if post.edited_at else None,
        class_="time",
        title=moment,
    )


def _pictures(post: Post, at: Visit) -> Html | None:
    if not post.media_ids:
        return None
    media = [at.network.gallery.find(one) for one in post.media_ids]
    return element(
        "div",
        *(_picture(one, at, alone=len(media) == 1) for one in media),
        class_=f"pictures pictures-{len(media)}",
    )


def _picture(medium: Medium, at: Visit, *, alone: bool) -> Html:
    if medium.ready_at > at.now_ms:
        return element("p", at.words("processing"), class_="processing")
    if medium.is_video:
        return element(
            "video",
            src=f"/media/{medium.id}",
            controls="",
            preload="metadata",
            width=medium.width_px,
            height=medium.height_px,
            aria_label=medium.alt_text or at.words("video"),
            class_="whole",
        )
    across, down = _step(medium.focus_x), _step(-medium.focus_y)
    return element(
        "img",
        src=f"/media/{medium.id}",
        alt=medium.alt_text,
        width=medium.width_px,
        height=medium.height_px,
        loading="lazy",
        class_="whole" if alone else f"across-{across} down-{down}",
    )


def _step(axis: float) -> int:
    """Return which of five places a focal point is nearest to; the style sheet has these."""
    return round((axis + 1) / 2 * (_FOCUS_STEPS - 1))


def _counts(post: Post, at: Visit, replies: int) -> Html:
    words = at.words
    counts: Counts = at.network.crowd.counts(post.id, at.now_ms)
    told = [
        ("likes", counts.likes),
        ("replies", replies),
        ("reposts", counts.reposts),
        ("reach", counts.reach),
    ]
    return element(
        "ul",
        *(element("li", words.counted(key, number)) for key, number in told),
        class_="counts",
    )
