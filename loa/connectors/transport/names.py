"""Look a host name up, within a time limit."""

import socket
import threading
from collections.abc import Callable

from loa.connectors.transport.connection import Broken

# Name to addresses, in the order in which to try them. Raises OSError.
type Resolve = Callable[[str], tuple[str, ...]]


def system_resolve(host: str) -> tuple[str, ...]:
    """Ask the machine's resolver. Blocks for as long as it likes."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def look_up(host: str, *, resolve: Resolve, timeout_s: float) -> tuple[str, ...]:
    """Return every address of `host`; raises Broken when there is none in time.

    The system's resolver knows no time limit, so it runs in a thread that is left behind
    when it is late. Only a new connection pays for that thread.
    """
    found: list[tuple[str, ...]] = []

    def ask() -> None:
        try:
            found.append(resolve(host))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(max(timeout_s, 0))
    if not found:
        raise Broken("network.unresolved", "the name was not resolved in time")
    if not found[0]:
        raise Broken("network.unresolved", "no such host")
    return found[0]
