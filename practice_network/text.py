"""Text as the network counts and compares it.

Counting is our own small reading of Unicode's grapheme rules (UAX #29), for two reasons: the
network is a witness and should not share its counter with whoever it judges, and the usual
library costs a fifth of the memory this process may use.
"""

import re
import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
_REGIONAL = ("\U0001f1e6", "\U0001f1ff")
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
# Latin letters with their marks composed, as Vietnamese is written: one character each.
_ONE_EACH = re.compile(r"[\n\x20-\x7e\u00c0-\u02af\u1e00-\u1eff\u2010-\u2026]*")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}…]")
_HASHTAG = re.compile(r"(?<![\w#&/])#(\w*[^\W\d_]\w*)")
_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?)")


def normalise(text: str) -> str:
    """Return `text` in NFC with plain line ends; ValueError when it is not valid Unicode."""
    text.encode("utf-8")  # a lone surrogate can be written in JSON, but is no text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """Return `text` without case and diacritics: "Giảm Giá" gives "giam gia"."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def count_graphemes(text: str) -> int:
    """Return how many characters a reader sees."""
    if _ONE_EACH.fullmatch(text):
        return len(text)
    count = 0
    before = ""
    regionals = 0
    for char in text:
        is_regional = _REGIONAL[0] <= char <= _REGIONAL[1]
        pairs_up = is_regional and regionals % 2 == 1
        if not (before and (pairs_up or _continues(before, char))):
            count += 1
        regionals = regionals + 1 if is_regional else 0
        before = char
    return count


def links(text: str) -> list[str]:
    """Return the web addresses in `text`, in order."""
    return _LINK.findall(text)


def hashtags(text: str) -> list[str]:
    """Return the hashtags in `text` without their #."""
    return _HASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    """Return the handles that `text` mentions, without their @."""
    return _MENTION.findall(text)


def is_pictograph(char: str) -> bool:
    """Say whether `char` is drawn as an emoji (the blocks in use, not every reserved point)."""
    return (
        "\U0001f300" <= char <= "\U0001faff"
        or "\u2600" <= char <= "\u27bf"
        or "\u2b05" <= char <= "\u2b55"
        or "\u2190" <= char <= "\u21ff"
        or "\u2300" <= char <= "\u23ff"
        or "\U0001f000" <= char <= "\U0001f2ff"
        or char in "©®‼⁉™ℹⓂ〰〽㊗㊙"
    )


def _continues(before: str, char: str) -> bool:
    """Say whether `char` belongs to the same visible character as the one before it."""
    if before == "\r":
        return char == "\n"
    if before == "\n" or char in "\r\n" or unicodedata.category(before) in {"Cc", "Zl", "Zp"}:
        return False
    if char == _ZERO_WIDTH_JOINER or _SKIN_TONES[0] <= char <= _SKIN_TONES[1]:
        return True
    if before == _ZERO_WIDTH_JOINER:
        return is_pictograph(char)
    if "\u1100" <= before <= "\ud7fb" and _hangul_continues(before, char):
        return True
    is_tag = "\U000e0020" <= char <= "\U000e007f"
    return is_tag or char == "\u200c" or unicodedata.category(char) in {"Mn", "Me", "Mc"}


def _hangul_continues(before: str, char: str) -> bool:
    """Apply the rules for Korean syllables written in parts: leading, vowel, trailing."""
    leading = "\u1100" <= before <= "\u115f"
    vowel = "\u1160" <= before <= "\u11a7"
    syllable = "\uac00" <= before <= "\ud7a3"
    open_syllable = syllable and (ord(before) - 0xAC00) % 28 == 0
    if leading:
        return "\u1100" <= char <= "\u11a7" or "\uac00" <= char <= "\ud7a3"
    if vowel or open_syllable:
        return "\u1160" <= char <= "\u11ff"
    return (syllable or "\u11a8" <= before <= "\u11ff") and "\u11a8" <= char <= "\u11ff"
