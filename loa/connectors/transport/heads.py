"""The head of a request, and where a redirect leads it."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urljoin

import h11

from loa.connectors.contract import Request
from loa.connectors.transport import bodies
from loa.connectors.transport.addresses import Blocked, Target, read_target
from loa.connectors.transport.connection import RawAnswer

USER_AGENT = "Loa/0.1 (social media desk)"
REPEATABLE = frozenset({"GET", "HEAD"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def prepare(target: Target, request: Request) -> tuple[h11.Request, Iterable[bytes]]:
    """Return the head and the body; raises Blocked for a header that cannot be sent."""
    body = bodies.encode(request)
    headers = {
        "host": target.origin.authority,
        "user-agent": USER_AGENT,
        "accept": "application/json",
        "accept-encoding": "identity",
    }
    headers.update((name.lower(), value) for name, value in request.headers.items())
    if body is not None:
        headers.setdefault("content-type", body.content_type)
        headers["content-length"] = str(body.size_bytes)
    elif request.method not in REPEATABLE:
        headers["content-length"] = "0"
    try:
        head = h11.Request(method=request.method, target=target.path, headers=list(headers.items()))
    except (h11.LocalProtocolError, UnicodeEncodeError, TypeError, ValueError):
        raise Blocked("a header has characters that cannot be sent") from None
    return head, body.chunks if body is not None else ()


def redirect(request: Request, target: Target, raw: RawAnswer) -> Request | None:
    """Return the request to make next, None when `raw` is the answer.

    A grant never travels to another origin: then the redirect itself is the answer.
    """
    if raw.status not in _REDIRECTS or request.method != "GET" or not raw.headers.get("location"):
        return None
    try:
        url = urljoin(str(target), raw.headers["location"])
    except ValueError:
        raise Blocked("the redirect cannot be read") from None
    same_origin = read_target(url).origin == target.origin
    if not same_origin and carries_a_grant(request):
        return None
    return replace(request, url=url, params=())


def carries_a_grant(request: Request) -> bool:
    """Say whether a request may not travel without TLS, or to another origin."""
    return any(name.lower() in {"authorization", "cookie"} for name in request.headers)
