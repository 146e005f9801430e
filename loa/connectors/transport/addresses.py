"""Which addresses an outgoing request may reach. Pure.

A URL that a person typed, or that a page or an instance gave us, is hostile until it was
read by the strict rules below. Anything unusual is refused: nobody needs an octal host.
Sources: IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates),
RFC 6052 (NAT64), WHATWG URL ("ends in a number").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlencode, urlsplit

import idna

DEFAULT_PORTS = {"http": 80, "https": 443}

_BLOCKED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the metadata address of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Outside 2000::/3 nothing is global unicast; inside, these are not ordinary hosts.
_GLOBAL_V6 = IPv6Network("2000::/3")
_BLOCKED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4: carries an IPv4 address
        "2620:4f:8000::/48",
        "3ffe::/16",
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")

_HOST = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_PRINTABLE = re.compile(r"[^\x00-\x20\x7f\\]+")
# What RFC 3986 allows unescaped in a path and a query, and escapes that are already there.
_SAFE = "/:@!$&'()*+,;=-._~%?"


class Blocked(Exception):
    """This URL or address may not be reached; the text says why, without the URL.

    code: egress.blocked (not on the public internet), egress.insecure (no TLS where there
    must be), or egress.unusual (no plain web address).
    """

    def __init__(self, reason: str, *, code: str = "egress.unusual") -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a connection belongs to. host is ASCII and lower case."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Return the value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes: an origin, and the path with its query."""

    origin: Origin
    path: str

    def __str__(self) -> str:
        return f"{self.origin}{self.path}"


def read_target(url: str, params: Iterable[tuple[str, str]] = ()) -> Target:
    """Read `url` strictly; raises Blocked for everything that is not a plain web address."""
    added = urlencode(tuple(params))
    target = _read(url)
    if not added:
        return target
    joint = "&" if "?" in target.path else "?"
    return Target(target.origin, f"{target.path}{joint}{added}")


@lru_cache(maxsize=256)  # a channel's posts all go to one address
def _read(url: str) -> Target:
    if not url.isascii():
        url = _escaped(url)
    if not _PRINTABLE.fullmatch(url):
        raise Blocked("the address has blanks, control characters or backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Blocked(f"the address cannot be read: {error}") from None
    origin = _origin(parts.scheme.lower(), parts.netloc, parts.hostname or "", port)
    path = quote(parts.path, safe=_SAFE) or "/"
    query = quote(parts.query, safe=_SAFE)
    return Target(origin, f"{path}?{query}" if query else path)


def read_origin(url: str) -> Origin:
    """Return the origin of an address an administrator allowed; raises Blocked."""
    return read_target(url).origin


def literal(host: str) -> str | None:
    """Return the address when `host` is one, None when it is a name to look up."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Say whether `address` is an ordinary host on the public internet."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _BLOCKED_V4)
    return _is_public_v6(parsed)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        # How a host without IPv4 reaches an IPv4 server: as public as the address inside.
        return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    return address in _GLOBAL_V6 and not any(address in network for network in _BLOCKED_V6)


def _escaped(url: str) -> str:
    """Bring a URL with letters outside ASCII into ASCII; the host by IDNA, the rest escaped."""
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.isascii():
        raise Blocked("the address has no scheme")
    cut = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    netloc = rest[:cut]
    if not netloc.isascii():
        host, _, port = netloc.partition(":")
        try:
            host = idna.encode(host, uts46=True, transitional=False).decode()
        except idna.IDNAError as error:
            raise Blocked(f"the host name cannot be read: {error}") from None
        netloc = f"{host}:{port}" if port else host
    tail = rest[cut:]
    return f"{scheme}://{netloc}{quote(tail, safe=_SAFE + '#[]')}"


@lru_cache(maxsize=1024)
def _origin(scheme: str, netloc: str, hostname: str, port: int | None) -> Origin:
    if scheme not in DEFAULT_PORTS:
        raise Blocked("only http and https addresses can be reached")
    if "@" in netloc:
        raise Blocked("the address carries a user name")
    if "%" in netloc:
        raise Blocked("the host name is escaped")
    host = hostname.lower()
    if netloc.startswith("["):
        try:
            host = IPv6Address(host).compressed
        except ValueError:
            raise Blocked("the host is not an IPv6 address") from None
    elif len(host) > 253 or not _HOST.fullmatch(host):  # noqa: PLR2004 — RFC 1035
        raise Blocked("the host name is not valid")
    elif _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            host = str(IPv4Address(host))
        except ValueError:
            raise Blocked("the host is a number, but no plain IPv4 address") from None
    return Origin(scheme, host, DEFAULT_PORTS[scheme] if port is None else port)
