"""Misbehave on the wire: real resets, real silence, really missing bytes."""

import asyncio
import socket
import struct

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from practice_network.faults.book import Body, Fault, Kind
from practice_network.json_values import dump

_JSON = "application/json"
ACCESS_IS_OVER = "The time of this access code is up: renew it."
_NOT_OPEN = {
    Kind.DEAD_TOKEN: ("token.revoked", "This access code is not valid any more."),
    Kind.END_ACCESS: ("token.expired", ACCESS_IS_OVER),
}


class Silence(web.Response):
    """No answer at all: hold the connection open for a while, then end it.

    hold_s: how long; the client may give up earlier. with_reset: end with RST, not FIN.
    """

    def __init__(self, *, hold_s: float = 0.0, with_reset: bool = False) -> None:
        super().__init__()
        self._hold_s = hold_s
        self._with_reset = with_reset

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write nothing where the headers would be written."""
        transport = request.transport
        await asyncio.sleep(self._hold_s)
        if transport and not transport.is_closing():
            end(transport, with_reset=self._with_reset)
        self.force_close()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Write nothing where the body would be written."""


class Truncated(web.Response):
    """An answer whose Content-Length promises more than comes before the connection ends."""

    def __init__(self, whole: web.Response) -> None:
        super().__init__(status=whole.status)
        self._whole = whole

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write the head and half of the body by hand, then close."""
        body = bytes(self._whole.body) if isinstance(self._whole.body, bytes) else b""
        promised = max(len(body), 2)
        head = (
            f"HTTP/1.1 {self._whole.status} {self._whole.reason}\r\n"
            f"Content-Type: {_JSON}\r\nContent-Length: {promised}\r\n\r\n"
        )
        if request.transport:
            request.transport.write(head.encode() + body[: promised // 2])
            request.transport.close()
        self.force_close()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Leave out the rest."""


def end(transport: asyncio.BaseTransport, *, with_reset: bool) -> None:
    """End a connection now; with_reset makes the client see ECONNRESET instead of an end."""
    if not isinstance(transport, asyncio.Transport):
        return
    if not with_reset:
        transport.close()
        return
    plug = transport.get_extra_info("socket")
    if plug is not None:
        # Linger for zero seconds: the kernel answers with RST instead of FIN.
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def spoiled(fault: Fault, answer: web.Response) -> web.Response:
    """Return what goes out instead of `answer` under a fault that only touches the answer."""
    match fault.kind:
        case Kind.LOSE_ANSWER | Kind.DROP | Kind.RESET:
            hold_s = fault.seconds if fault.kind is Kind.LOSE_ANSWER else 0.0
            return Silence(hold_s=hold_s, with_reset=fault.kind is Kind.RESET)
        case Kind.TRUNCATE:
            return Truncated(answer)
        case Kind.STATUS | Kind.MALFORMED_BODY:
            status = fault.status if fault.kind is Kind.STATUS else answer.status
            return _with_body(fault.body, status, answer)
        case Kind.RATE_LIMIT:
            wait = {"Retry-After": str(fault.retry_after_s), "X-RateLimit-Remaining": "0"}
            return refusal(429, "rate.limited", "Too many requests.", headers=wait)
        case Kind.DEAD_TOKEN | Kind.END_ACCESS:
            return refusal(401, *_NOT_OPEN[fault.kind])
        case Kind.SLOW | Kind.SLOW_MEDIA | Kind.STALE_READS | Kind.RETIRED_METRIC | Kind.SUNSET:
            return answer


def refusal(
    status: int, code: str, message: str, *, headers: dict[str, str] | None = None
) -> web.Response:
    """Return an error as the API words it."""
    body = dump({"error": {"code": code, "message": message}})
    return web.Response(status=status, body=body, content_type=_JSON, headers=headers)


def _with_body(body: Body, status: int, answer: web.Response) -> web.Response:
    """Return an answer with the status given and a body that fits it, or does not."""
    whole = bytes(answer.body) if isinstance(answer.body, bytes) else b"{}"
    match body:
        case Body.ERROR:
            return refusal(status, "network.trouble", "Something went wrong on our side.")
        case Body.EMPTY:
            return web.Response(status=status)
        case Body.HTML:
            page = b"<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>"
            return web.Response(status=status, body=page, content_type="text/html")
        case Body.HALF_JSON:
            return web.Response(status=status, body=whole[: len(whole) // 2], content_type=_JSON)
        case Body.WRONG_TYPE:
            return web.Response(status=status, body=b'["unexpected"]', content_type=_JSON)
