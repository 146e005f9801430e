"""Short news after an action, with a way back when there is one.

Built on Django's messages, so the news survives a redirect. The undo address rides in the
message's extra tags; it must be a POST that takes the action back.
"""

from django.contrib import messages
from django.http import HttpRequest

_UNDO = "undo:"


def tell(request: HttpRequest, words: str) -> None:
    """Tell that something was done."""
    messages.success(request, words)


def tell_with_undo(request: HttpRequest, words: str, *, undo_url: str) -> None:
    """Tell that something was done, with a button that posts to `undo_url`."""
    messages.success(request, words, extra_tags=f"{_UNDO}{undo_url}")


def warn(request: HttpRequest, words: str) -> None:
    """Tell that something was refused: what happened and the next step."""
    messages.error(request, words)


def undo_url(extra_tags: str | None) -> str:
    """Return the address that a message's extra tags carry, or ""."""
    tags = (extra_tags or "").split()
    return next((tag.removeprefix(_UNDO) for tag in tags if tag.startswith(_UNDO)), "")
