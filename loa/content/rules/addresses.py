"""Web addresses as people write them: taken apart and put together without a change. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote

import idna

# What browsers and servers agree on; the field in the database holds no more.
LONGEST_ADDRESS = 2048
_HEAD = re.compile(r"(https?)://([^/?#\\\s@]+)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::(\d{1,5}))?", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# Reserved and unreserved marks of RFC 3986, and the sign of what is escaped already.
_KEPT = "/?#[]@!$&'()*+,;=:%-._~"


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address in pieces. query, fragment: None when there is no ? or # at all."""

    scheme: str
    host: str
    port: str
    path: str
    query: str | None
    fragment: str | None

    def __str__(self) -> str:
        """Return the address as it was read."""
        port = f":{self.port}" if self.port else ""
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{self.host}{port}{self.path}{query}{fragment}"


def read_address(text: str) -> Address | None:
    """Return the pieces of a web address; None for anything else.

    None also for what only looks like one: a user name before the host, blanks, control and
    direction marks, more than LONGEST_ADDRESS characters.
    """
    head = _HEAD.match(text)
    if head is None or len(text) > LONGEST_ADDRESS or _UNSEEN.search(text):
        return None
    rest = text[head.end() :]
    authority = _AUTHORITY.fullmatch(head[2])
    if authority is None or (rest and rest[0] not in "/?#"):
        return None
    before, hash_, fragment = rest.partition("#")
    path, mark, query = before.partition("?")
    return Address(
        scheme=head[1],
        host=authority[1],
        port=authority[2] or "",
        path=path,
        query=query if mark else None,
        fragment=fragment if hash_ else None,
    )


def plain_host(host: str) -> str:
    """Return a host name as machines compare it: lower case, xn--; "" for one that is none."""
    host = host.rstrip(".").lower()
    if host.startswith("["):
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host if re.fullmatch(r"[a-z0-9_.-]+", host) else ""


def to_ascii(address: Address) -> str:
    """Return the address as it travels in a header; "" when its host cannot be one.

    What is escaped already stays as it is, so doing it twice changes nothing.
    """
    host = plain_host(address.host)
    if not host:
        return ""
    whole = Address(
        scheme=address.scheme.lower(),
        host=host,
        port=address.port,
        path=_quoted(address.path),
        query=None if address.query is None else _quoted(address.query),
        fragment=None if address.fragment is None else _quoted(address.fragment),
    )
    return str(whole)


def is_under(host: str, names: tuple[str, ...]) -> bool:
    """Say whether `host` is one of `names` or below one: www.tiem.vn is under tiem.vn."""
    plain = plain_host(host)
    wanted = [plain_host(name) for name in names]
    return any(plain == name or plain.endswith(f".{name}") for name in wanted if name)


def _quoted(text: str) -> str:
    return quote(text, safe=_KEPT)
