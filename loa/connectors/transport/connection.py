"""One HTTP/1.1 connection to a checked address.

The protocol is h11's; the socket is ours, because two things must be known exactly: to
which address it went, and whether a byte of a request had been written when it broke.
"""

import select
import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import h11

from loa.connectors.transport.addresses import Origin

CONNECT_TIMEOUT_S = 10.0
READ_BYTES = 65_536
MAX_HEAD_BYTES = 65_536


class Broken(Exception):
    """The exchange failed; `code` is one of the network.* codes of the error catalogue."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class RawAnswer:
    """An answer before anybody looked at it. headers: names in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes


class Connection:
    """A connected socket that carries one exchange after another.

    touched: a byte of the present request may have left this machine.
    answered: a byte of the present answer has arrived.
    """

    __slots__ = ("_http", "_socket", "_timeout_s", "answered", "idle_since", "touched", "used")

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._timeout_s = -1.0
        self.touched = self.answered = self.used = False
        self.idle_since = 0.0

    def exchange(
        self,
        head: h11.Request,
        body: Iterable[bytes],
        *,
        until: float,
        max_answer_bytes: int,
    ) -> RawAnswer:
        """Write one request and read its whole answer before `until` (monotonic seconds)."""
        self.touched = self.answered = False
        self.used = True
        broken = self._write(head, body, until)
        try:
            return self._read(until, max_answer_bytes)
        except Broken as error:
            # A server may answer early ("too large") and hang up while we still write.
            raise (broken if broken and not self.answered else error) from None

    def may_carry_more(self) -> bool:
        """Make ready for the next exchange; False when the server ends the connection."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    def is_alive(self) -> bool:
        """Say whether the idle connection is still open: silence means alive."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def close(self) -> None:
        """Let go of the socket; closing twice is harmless."""
        self._socket.close()

    def _write(self, head: h11.Request, body: Iterable[bytes], until: float) -> Broken | None:
        """Return what broke, instead of raising: an early answer may explain it."""
        waiting = self._http.send(head) or b""
        try:
            for chunk in body:
                waiting += self._http.send(h11.Data(data=chunk)) or b""
                if len(waiting) >= READ_BYTES:
                    self._send(waiting, until)
                    waiting = b""
            waiting += self._http.send(h11.EndOfMessage()) or b""
            if waiting:
                self._send(waiting, until)
        except TimeoutError:
            return Broken("network.timeout", "the request could not be written in time")
        except OSError as error:
            return Broken("network.cut", f"the connection broke while writing: {_plain(error)}")
        except h11.LocalProtocolError as error:
            raise Broken("network.file_changed", f"a file has another size: {error}") from None
        return None

    def _send(self, data: bytes, until: float) -> None:
        self._set_timeout(until)
        self.touched = True
        self._socket.sendall(data)

    def _read(self, until: float, max_answer_bytes: int) -> RawAnswer:
        status, headers = 0, dict[str, str]()
        chunks: list[bytes] = []
        size_bytes = 0
        while True:
            event = self._next_event(until)
            if type(event) is h11.Response:
                status, headers = event.status_code, _headers(event)
            elif type(event) is h11.Data:
                chunks.append(event.data)
                size_bytes += len(event.data)
                if size_bytes > max_answer_bytes:
                    raise Broken("network.too_large", f"more than {max_answer_bytes} bytes came")
            elif type(event) is h11.EndOfMessage:
                return RawAnswer(status, headers, b"".join(chunks))
            elif type(event) in {h11.ConnectionClosed, h11.PAUSED}:
                raise Broken("network.cut", "the connection ended before the answer")

    def _next_event(self, until: float) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._set_timeout(until)
                data = self._socket.recv(READ_BYTES)
                if not data and not self.answered:
                    raise Broken("network.cut", "the server hung up without an answer")
                self.answered = self.answered or bool(data)
                self._http.receive_data(data)
        except TimeoutError:
            raise Broken("network.timeout", "no whole answer came in time") from None
        except OSError as error:
            raise Broken("network.cut", f"the connection broke: {_plain(error)}") from None
        except h11.RemoteProtocolError as error:
            raise Broken("network.cut", f"the answer is broken: {error}") from None
        return event

    def _set_timeout(self, until: float) -> None:
        left_s = until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        # A system call each time would cost more than the precision is worth.
        if abs(self._timeout_s - left_s) > 0.1:  # noqa: PLR2004 — seconds
            self._socket.settimeout(left_s)
            self._timeout_s = left_s


def open_connection(
    origin: Origin, addresses: Sequence[str], *, tls: ssl.SSLContext | None, until: float
) -> Connection:
    """Connect to the first of `addresses` that answers; raises Broken, and nothing was sent."""
    last: Broken | None = None
    for address in addresses:
        try:
            return Connection(_connected(origin, address, tls, until))
        except ssl.SSLError as error:
            last = Broken("network.tls", f"no trusted connection: {_plain(error)}")
        except TimeoutError:
            last = Broken("network.timeout", "no connection in time")
        except OSError as error:
            last = Broken("network.unreachable", f"no connection: {_plain(error)}")
    raise last or Broken("network.unresolved", "the host has no address")


def _connected(
    origin: Origin, address: str, tls: ssl.SSLContext | None, until: float
) -> socket.socket:
    timeout_s = min(CONNECT_TIMEOUT_S, until - time.monotonic())
    if timeout_s <= 0:
        raise TimeoutError
    # A bare socket and a numeric address: nothing here can look a name up a second time.
    plain = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        plain.settimeout(timeout_s)
        plain.connect((address, origin.port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return plain if tls is None else tls.wrap_socket(plain, server_hostname=origin.host)
    except BaseException:
        plain.close()
        raise


def _headers(response: h11.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _plain(error: OSError) -> str:
    """Return the system's words for an error, without addresses."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return error.strerror or type(error).__name__
