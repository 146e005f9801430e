"""The ids of what is being done now, so that every line logged meanwhile carries them.

A page carries the id of its request, a sender thread that of its delivery. Ids belong to the
context (thread or task) that named them.
"""

import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

REQUEST = "request_id"
# What a proxy may name a request; anything else gets a name of our own.
_FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_ids: ContextVar[Mapping[str, int | str]] = ContextVar("loa_log_ids", default=MappingProxyType({}))


@contextmanager
def about(**ids: int | str) -> Iterator[None]:
    """Give every line logged inside the block these ids besides those it has already."""
    token = _ids.set({**_ids.get(), **ids})
    try:
        yield
    finally:
        _ids.reset(token)


def note(**ids: int | str) -> None:
    """Give every line these ids from now on, until the `about` block around it ends."""
    _ids.set({**_ids.get(), **ids})


def ids() -> Mapping[str, int | str]:
    """Return the ids of what is being done now."""
    return _ids.get()


def request_id(given: str = "") -> str:
    """Return the id of a request: the one a proxy gave when it is fit to be logged, else a new."""
    return given if _FIT.fullmatch(given) else secrets.token_hex(8)


class WithIds(logging.Filter):
    """Writes the ids onto each record as it is logged, in the thread that logs it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Complete the record; nothing is held back."""
        for name, value in _ids.get().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        record.own_request_id = _ids.get().get(REQUEST, "")
        return True
