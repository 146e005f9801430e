"""What is said again and again on one page: put into words once, then remembered."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps

from django.utils.formats import localize
from django.utils.translation import get_language, ngettext


def said_once[What: Hashable](say: Callable[[What], str]) -> Callable[[What], str]:
    """Remember what `say` answered, in each language.

    A catalogue's plural costs ten times the look-up, and a month asks four for each day.
    """

    @lru_cache(maxsize=2048)
    def remembered(_language: str | None, what: What) -> str:
        return str(say(what))

    @wraps(say)
    def answer(what: What) -> str:
        return remembered(get_language(), what)

    return answer


@said_once
def more(count: int) -> str:
    """Return that there are `count` more."""
    return ngettext("+ %(n)s more", "+ %(n)s more", count) % {"n": localize(count)}


@said_once
def posts(count: int) -> str:
    """Return how many posts there are."""
    return ngettext("%(n)s post", "%(n)s posts", count) % {"n": localize(count)}


@said_once
def silent(count: int) -> str:
    """Return how many channels say nothing all day."""
    return ngettext("%(n)s silent", "%(n)s silent", count) % {"n": localize(count)}


@said_once
def free(count: int) -> str:
    """Return how many slots are free."""
    return ngettext("%(n)s free", "%(n)s free", count) % {"n": localize(count)}
