"""The address of an instance, from what a person typed. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from loa.connectors.errors import Refused
from loa.platforms.mastodon.wire import PLATFORM

_HOST = re.compile(r"[^\s/@?#]+\.[^\s/@?#.]{2,}")


def origin(fields: Mapping[str, str]) -> str:
    """Return the address of the instance that a person typed, in any of the usual ways.

    "mastodon.social", "https://mastodon.social/@ana", "@ana@mastodon.social" and
    "ana@mastodon.social" all mean the same instance. Raises Refused (instance.unreadable).
    """
    typed = fields.get("base_url", "").strip().rstrip("/")
    if typed.startswith(("https://", "http://")):
        return read_address(typed)
    host = typed.partition("/")[0].rpartition("@")[2].lower()
    if not _HOST.fullmatch(host):
        raise _unreadable(typed)
    return f"https://{host}"


def read_address(address: str) -> str:
    """Return scheme, host and port of a web address; raises Refused (instance.unreadable)."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _unreadable(address) from None
    if not parts.hostname or "@" in parts.netloc:
        raise _unreadable(address)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def _unreadable(typed: str) -> Refused:
    return Refused(
        f"no instance address: {typed[:100]!r}", platform=PLATFORM, code="instance.unreadable"
    )
