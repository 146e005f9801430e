"""What can be said about a caption without knowing where it goes: links, tags, capitals, echoes."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from loa.content.rules.findings import Finding, Place, Severity
from loa.kernel.text import fold

MANY_HASHTAGS = 5
SHOUTING_LETTERS = 24
SHOUTING_RATIO = 0.7
# Below this, short captions ("Chúc mừng năm mới!") are alike by their nature.
ECHO_WORDS = 6
ECHO_RATIO = 0.8

HASHTAG = re.compile(r"(?<![\w&#])#(\w*[^\W\d]\w*)")
# The endings that brands here use in running text; more would find "sáng.Nhưng" and "v.v".
_ENDINGS = "com|vn|net|org|info|io|co|me|shop|store|site|app|link|page|edu|gov|asia|biz|xyz"
_BARE_LINK = re.compile(
    rf"(?<![\w@/:.\-])((?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+(?:{_ENDINGS}))(?![\w@\-]|\.\w)"
    r"((?:/[^\s]*)?)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A caption that the channel published or has planned. day: for the sentence, as text."""

    post_id: int
    caption: str
    day: str = ""


def hashtags(caption: str) -> tuple[str, ...]:
    """Return the hashtags of `caption` without their sign, in order."""
    return tuple(HASHTAG.findall(caption))


def bare_links(caption: str) -> tuple[str, ...]:
    """Return addresses written without a scheme, which many platforms leave unclickable."""
    return tuple(f"{host}{path}".rstrip(".,;!?") for host, path in _BARE_LINK.findall(caption))


def is_shouting(caption: str) -> bool:
    """Say whether `caption` is long and nearly all capitals."""
    words = (word for word in caption.split() if not word.startswith(("#", "@", "http")))
    letters = [mark for word in words for mark in word if mark.isalpha()]
    capitals = sum(mark.isupper() for mark in letters)
    return len(letters) >= SHOUTING_LETTERS and capitals >= SHOUTING_RATIO * len(letters)


def is_decomposed(text: str) -> bool:
    """Say whether `text` holds letters and marks apart, as some keyboards and PDFs give them."""
    return not unicodedata.is_normalized("NFC", text)


def echo_of(caption: str, earlier: Iterable[Earlier]) -> Earlier | None:
    """Return the first of `earlier` that says nearly the same as `caption`."""
    words = _words(caption)
    if not words:
        return None
    for one in earlier:
        theirs = _words(one.caption)
        if words == theirs or (
            len(words) >= ECHO_WORDS and len(words & theirs) >= ECHO_RATIO * len(words | theirs)
        ):
            return one
    return None


def about_wording(caption: str, place: Place) -> list[Finding]:
    """Return warnings and hints about one caption."""
    found = [
        Finding("link.without_scheme", Severity.WARN, place, {"link": link})
        for link in dict.fromkeys(bare_links(caption))
    ]
    count = len(hashtags(caption))
    if count > MANY_HASHTAGS:
        found.append(Finding("hashtags.many", Severity.HINT, place, {"count": count}))
    if is_shouting(caption):
        found.append(Finding("text.shouting", Severity.HINT, place))
    if is_decomposed(caption):
        found.append(Finding("text.decomposed", Severity.HINT, place))
    return found


def _words(caption: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(caption)))
