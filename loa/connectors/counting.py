"""Count a caption the way a platform counts it. Pure.

The browser counts the same text with frontend/lib and the same cases
(frontend/tests/counting_cases.json). Sources: Unicode UAX #29 for grapheme clusters; the
Mastodon documentation, "Posting to your profile" (links cost 23, of a remote mention only
the local part counts, a content warning counts in full); AT Protocol lexicon
app.bsky.feed.post (maxGraphemes 300, maxLength 3000 bytes).
"""

import regex

from loa.connectors.contract import TextRules, TextUnit
from loa.kernel.text import normalise

_GRAPHEME = regex.compile(r"\X")
_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?"
# A link that is counted as one needs a scheme and a host with a top-level domain, and ends
# before the punctuation that ends a sentence.
_LINK = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}_@＠$#＃])https?://(?:{_LABEL}\.)+(?:\p{{L}}{{2,}}|xn--[a-z0-9-]+)(?::\d+)?"
    r"(?:[/?#](?:\([^\s()<>]*\)|[^\s()<>\"'“”‘’])*(?<![.,:;!?…*~_]))?",
    regex.IGNORECASE,
)
_MENTION = regex.compile(
    r"(?<![=/\p{L}\p{M}\p{N}_])(?P<local>@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)"
    r"@[\p{L}\p{N}.-]+[\p{L}\p{N}](?!@|://)",
    regex.IGNORECASE,
)


def caption_length(caption: str, rules: TextRules, *, spoiler: str = "") -> int:
    """Return how much of `rules.max_chars` the caption uses up.

    spoiler: the text that is shown before the caption, where a platform has one. It counts,
    and its links get no discount.
    """
    return _units(normalise(spoiler), rules.unit) + _units(
        _as_counted(normalise(caption), rules), rules.unit
    )


def over_by(caption: str, rules: TextRules, *, spoiler: str = "") -> int:
    """Return by how much the caption is too long, 0 when it fits; bytes are not looked at."""
    return max(caption_length(caption, rules, spoiler=spoiler) - rules.max_chars, 0)


def bytes_over_by(caption: str, rules: TextRules) -> int:
    """Return by how many UTF-8 bytes the caption is too long, 0 when there is no such limit."""
    if rules.max_bytes is None:
        return 0
    return max(len(normalise(caption).encode()) - rules.max_bytes, 0)


def fits(caption: str, rules: TextRules, *, spoiler: str = "") -> bool:
    """Say whether the platform would take the caption's length."""
    return not over_by(caption, rules, spoiler=spoiler) and not bytes_over_by(caption, rules)


def graphemes(text: str) -> int:
    """Return the number of grapheme clusters: what a person would call letters."""
    return len(text) if text.isascii() and "\r" not in text else len(_GRAPHEME.findall(text))


def links(caption: str) -> list[str]:
    """Return the links in `caption`, in order."""
    return [caption[start:end] for start, end in link_spans(caption)]


def link_spans(caption: str) -> list[tuple[int, int]]:
    """Return start and end of every link in `caption`, in characters."""
    return [found.span() for found in _LINK.finditer(caption)]


def without_mention_hosts(caption: str) -> str:
    """Return `caption` with every @ana@town.example as @ana, as it is shown and counted."""
    return _mentions_shortened(caption, 0, len(caption))


def _as_counted(caption: str, rules: TextRules) -> str:
    """Replace what is not counted at its own length."""
    if rules.link_cost is None and not rules.mention_counts_local_part:
        return caption
    counted: list[str] = []
    start = 0
    # A mention inside a link is part of the link: look between the links only.
    spans = link_spans(caption) if rules.link_cost else []
    for begin, end in (*spans, (len(caption), len(caption))):
        between = caption[start:begin]
        if rules.mention_counts_local_part:
            between = _mentions_shortened(caption, start, begin)
        counted.append(between)
        if end > begin:
            counted.append("x" * (rules.link_cost or 0))
        start = end
    return "".join(counted)


def _mentions_shortened(caption: str, start: int, end: int) -> str:
    pieces: list[str] = []
    for found in _MENTION.finditer(caption, start, end):
        pieces += (caption[start : found.start()], found["local"])
        start = found.end()
    return "".join((*pieces, caption[start:end]))


def _units(text: str, unit: TextUnit) -> int:
    match unit:
        case TextUnit.GRAPHEMES:
            return graphemes(text)
        case TextUnit.CODE_POINTS:
            return len(text)
        case TextUnit.UTF16:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
