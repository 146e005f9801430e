"""How alike two wordings are, whatever their case, accents and punctuation."""

import re

from loa.kernel.text import fold

# Measured on the 74 captions of the demo's café: with any one word changed, a caption still has
# 0.77 or more in common with itself; of two different ones, one pair has 0.64, the others 0.45
# or less.
TOO_LIKE = 0.6
TRIPLE = 3


def likeness(one: str, other: str) -> float:
    """Return the share of letter triples the two have in common, 0 to 1.

    Jaccard's measure on folded text: it works for short captions, for text without diacritics,
    and the order of the two does not matter. Two captions that say nothing are alike.
    """
    mine, theirs = _triples(one), _triples(other)
    if not mine and not theirs:
        return 1.0
    return len(mine & theirs) / len(mine | theirs)


def says_the_same(one: str, other: str) -> bool:
    """Say whether the two are the same words, read aloud."""
    return _plain(one) == _plain(other)


def is_too_like(one: str, other: str) -> bool:
    """Say whether the second would be read as the first once more."""
    return says_the_same(one, other) or likeness(one, other) >= TOO_LIKE


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _triples(text: str) -> frozenset[str]:
    plain = f" {_plain(text)} " if _plain(text) else ""
    return frozenset(plain[start : start + TRIPLE] for start in range(len(plain) - TRIPLE + 1))
