"""Start the practice network: python -m practice_network --port 8788 --data FOLDER."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

from aiohttp import web

from practice_network.application import build_application
from practice_network.network import open_network

_BACKLOG = 1024


def main() -> int:
    """Serve until interrupted. The first line on stdout is the address."""
    options = _options()
    path: Path | None = None
    if not options.memory:
        options.data.mkdir(parents=True, exist_ok=True)
        path = options.data / "network.sqlite"
    try:
        plug = _listen(options.host, options.port)
    except OSError as problem:
        sys.stderr.write(
            f"The practice network cannot listen on {options.host}:{options.port}"
            f" ({problem.strerror}). Choose another port with --port.\n"
        )
        return 1
    network = open_network(
        path, seed=options.seed, admin_code=os.environ.get("PRACTICE_ADMIN_CODE", "")
    )
    asyncio.run(_serve(build_application(network), plug))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="practice_network", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
    parser.add_argument("--port", type=int, default=8788, help="0 takes a free one (%(default)s)")
    parser.add_argument(
        "--data", type=Path, default=Path("practice-data"), help="folder of the database"
    )
    parser.add_argument("--seed", type=int, help="decides all chance of the audience")
    parser.add_argument("--memory", action="store_true", help="keep nothing on disk")
    return parser.parse_args()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


async def _serve(application: web.Application, plug: socket.socket) -> None:
    # keepalive longer than any client of ours: the client decides when a connection ends.
    runner = web.AppRunner(
        application, access_log=None, keepalive_timeout=300.0, shutdown_timeout=1.0
    )
    await runner.setup()
    await web.SockSite(runner, plug, backlog=_BACKLOG).start()
    host, port = plug.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"http://{shown}:{port}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
