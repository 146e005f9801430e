"""The address /live/<workspace_slug>/: server-sent events for one open page."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from loa.ops.listening import AWAY
from loa.ops.live.hub import Hub, Stream, TooManyStreams

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_S = 15.0  # below the idle limit of common proxies
RETRY_AFTER_S = 15
RECONNECT_AFTER_MS = 1000
_ADDRESS = re.compile(r"^/live/(?P<slug>[-\w]+)/$")
_MILLISECONDS = re.compile(r"^[0-9]{1,15}$", re.ASCII)
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def is_live(path: str) -> bool:
    """Tell whether the request belongs here."""
    return path.startswith("/live/")


async def serve(hub: Hub, scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request: a stream of news, or a refusal.

    404 for who is not signed in or no member of the workspace (as everywhere), 429 when a
    session has too many streams open; pages then poll. While the database is away, a stream
    that ends at once: a browser asks again after that, but never after another answer.
    """
    address = _ADDRESS.match(scope["path"])
    if address is None:
        return await _refuse(send, HTTPStatus.NOT_FOUND)
    if scope["method"] != "GET":
        return await _refuse(send, HTTPStatus.METHOD_NOT_ALLOWED)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        stream = await hub.open(headers, address["slug"], since_s=_since_s(scope))
    except TooManyStreams:
        return await _refuse(send, HTTPStatus.TOO_MANY_REQUESTS)
    except AWAY:
        return await _put_off(send)
    if stream is None:
        return await _refuse(send, HTTPStatus.NOT_FOUND)
    try:
        await _stream(stream, receive, send)
    finally:
        hub.forget(stream)
    return None


async def _stream(stream: Stream, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": _HEADERS})
    await _write(send, f"retry: {RECONNECT_AFTER_MS}\n\n")
    gone = asyncio.create_task(_until_gone(receive))
    told = asyncio.create_task(_tell(stream, send))
    try:
        await asyncio.wait({gone, told}, return_when=asyncio.FIRST_COMPLETED)
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        told.cancel()
        await asyncio.gather(gone, told, return_exceptions=True)


async def _put_off(send: Send) -> None:
    await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": _HEADERS})
    await _write(send, f"retry: {RECONNECT_AFTER_MS}\n\n")
    await send({"type": "http.response.body", "body": b""})


async def _tell(stream: Stream, send: Send) -> None:
    """Write news as they come, and a sign of life when none come, until the stream ends."""
    while True:
        try:
            news = await asyncio.wait_for(stream.news.get(), HEARTBEAT_S)
        except TimeoutError:
            await _write(send, ": still here\n\n")
            continue
        if news is None:
            return
        await _write(send, _event(*news))


def _since_s(scope: Message) -> float | None:
    """Return when the page was asked for; None when the address does not say it."""
    given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("since", [""])[0]
    return int(given) / 1000 if _MILLISECONDS.match(given) else None


def _event(topic: str, subject_id: int) -> str:
    data = json.dumps({"topic": topic, "id": subject_id})
    return f"event: change\ndata: {data}\n\n"


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": status.phrase.encode()})
