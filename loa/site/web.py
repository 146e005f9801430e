"""The web process behind `loa web`: one process, one port, ended cleanly by a signal."""

import asyncio
import logging
import signal

from granian.constants import Interfaces
from granian.server.embed import Server

from loa.ops import processes
from loa.site import watchdog
from loa.site.asgi import application

STOP_WITHIN_S = 5
_log = logging.getLogger(__name__)


def serve(*, address: str, port: int) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    processes.settle()
    asyncio.run(_serve(address, port))


async def _serve(address: str, port: int) -> None:
    # The embedded form of the server runs in this process; the usual one adds a second
    # process that does nothing but watch the first, which our own parent does already.
    server = Server(
        application,
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        log_enabled=False,
    )
    server.workers_kill_timeout = STOP_WITHIN_S
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    stop = watchdog.start()
    _log.info("answering on http://%s:%d", address, port)
    try:
        await server.serve()
    finally:
        stop.set()
