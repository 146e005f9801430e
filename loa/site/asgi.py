"""The web process: Django's pages in a fixed number of threads, live news beside them.

Pages are synchronous and run faster as WSGI in threads than as Django's own ASGI; a stream of
news lasts for hours and would hold a thread, so it is served by the event loop alone.
"""

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from django.conf import settings

from loa.ops.live import endpoint
from loa.ops.live.endpoint import Message, Receive, Send
from loa.ops.live.hub import Hub
from loa.site import listeners
from loa.site.wsgi import application as pages


class Application:
    """One ASGI application out of the two."""

    def __init__(self) -> None:
        self._pages = WSGIMiddleware(cast("WSGIApp", pages), workers=settings.WEB_THREADS)
        self._hub = Hub(admit=listeners.admit, still_admitted=listeners.still_admitted)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, or the process's own start and stop."""
        if scope["type"] == "lifespan":
            await self._live_and_die(receive, send)
        elif scope["type"] == "http" and endpoint.is_live(scope["path"]):
            await endpoint.serve(self._hub, scope, receive, send)
        else:
            await self._pages(scope, receive, send)  # type: ignore[arg-type]  # same shapes

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._hub.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Application()
