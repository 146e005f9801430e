"""The web process: Django's pages in a fixed number of threads, live news beside them.

Pages are synchronous and run faster as WSGI in threads than as Django's own ASGI; a stream of
news lasts for hours and would hold a thread, so it is served by the event loop alone.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from django.conf import settings
from django.db import DatabaseError

from loa.measure.actions.clicks import Writer
from loa.ops.live import endpoint
from loa.ops.live.endpoint import Message, Receive, Send
from loa.ops.live.hub import Hub
from loa.site import bodies, listeners, probes
from loa.site.wsgi import application as pages

_log = logging.getLogger(__name__)

type Probe = Callable[[], None] | None
# What is asked of this process by those who decide whether it lives and gets requests.
PROBES: dict[str, Probe] = {
    "/health": probes.reach_database,
    "/healthz": None,
    "/readyz": probes.be_up_to_date,
}


class Application:
    """One ASGI application out of the two."""

    def __init__(self) -> None:
        self._pages = WSGIMiddleware(cast("WSGIApp", pages), workers=settings.WEB_THREADS)
        self._clicks = Writer()
        self._hub = Hub(admit=listeners.admit, still_admitted=listeners.still_admitted)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, or the process's own start and stop."""
        if scope["type"] == "lifespan":
            await self._live_and_die(receive, send)
            return
        try:
            await self._answer(scope, receive, send)
        except Exception:
            # The server below would answer 500 without a word in any log.
            _log.exception("a request failed outside the pages")
            raise

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and endpoint.is_live(scope["path"]):
            await endpoint.serve(self._hub, scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in PROBES:
            await self._tell_health(send, PROBES[scope["path"]])
        elif scope["type"] == "http" and bodies.is_gathered(scope):
            body = await bodies.gathered(receive)
            try:
                await self._page(scope, body.receive, send)
            finally:
                body.close()
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Message, receive: Receive, send: Send) -> None:
        async def next_message() -> Message:
            # The bridge waits from another thread, which takes a coroutine; the server
            # hands out futures.
            return await receive()

        await self._pages(scope, next_message, send)  # type: ignore[arg-type]  # same shapes

    async def _tell_health(self, send: Send, probe: Probe) -> None:
        """Answer 200 while all is well that `probe` asks for, for proxies and containers."""
        status, said = HTTPStatus.OK, b"ok\n"
        try:
            if probe is not None:
                await self._hub.ask(probe)
        except probes.NotReady as error:
            status, said = HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n".encode()
        except DatabaseError as error:
            _log.warning("the database does not answer: %s", error)
            status, said = HTTPStatus.SERVICE_UNAVAILABLE, b"the database does not answer\n"
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._hub.start()
                self._clicks.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self._clicks.stop)
                await self._hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Application()
