"""Make one request of a flow, safely, and sort what can go wrong.

Before a byte of a visible request was written, a failure is NotSent. After that it is
Uncertain: the platform may have published. Calls that nobody sees are NotSent either way.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable

import certifi

from loa.connectors.contract import Answer, Request
from loa.connectors.errors import ConnectorError, NotSent, Refused, Uncertain
from loa.connectors.transport.addresses import (
    DEFAULT_PORTS,
    Blocked,
    Origin,
    Target,
    is_public,
    literal,
    read_origin,
    read_target,
)
from loa.connectors.transport.answers import to_answer
from loa.connectors.transport.connection import Broken, Connection, RawAnswer, open_connection
from loa.connectors.transport.heads import REPEATABLE, carries_a_grant, prepare, redirect
from loa.connectors.transport.names import Resolve, look_up, system_resolve
from loa.connectors.transport.pool import Pool

MAX_REDIRECTS = 5
LOOK_UP_TIMEOUT_S = 5.0

type Hook = Callable[[], None]


class Egress:
    """Pooled connections and the rules of who may be reached. Safe to share by threads.

    allowed_origins: exact scheme, host and port that may be private and without TLS.
    ca_file: a PEM file of certificate authorities to trust besides the public ones.
    web_ports: the ports that origins which nobody allowed by name may have.
    """

    def __init__(
        self,
        *,
        allowed_origins: Iterable[str] = (),
        ca_file: str | None = None,
        resolve: Resolve = system_resolve,
        web_ports: Iterable[int] = tuple(DEFAULT_PORTS.values()),
    ) -> None:
        self._allowed = frozenset(read_origin(origin) for origin in allowed_origins)
        self._ca_file = ca_file
        self._resolve = resolve
        self._web_ports = frozenset(web_ports)
        self._pool = Pool()
        self._tls: ssl.SSLContext | None = None
        self._tls_lock = threading.Lock()

    def send(
        self,
        request: Request,
        *,
        platform: str,
        until: float | None = None,
        before_visible: Hook | None = None,
    ) -> Answer:
        """Return the answer to `request`, whatever its status; raises a ConnectorError.

        until: monotonic seconds by which all must be done; request.timeout_s may end earlier.
        before_visible: called once the connection stands, immediately before a visible
            request is written. If it raises, nothing is sent and its error comes through.
        """
        deadline = time.monotonic() + request.timeout_s
        until = deadline if until is None else min(until, deadline)
        try:
            return self._follow(request, until, platform, before_visible)
        except Blocked as error:
            raise Refused(str(error), platform=platform, code=error.code) from None
        except Broken as error:
            raise NotSent(error.detail, platform=platform, code=error.code) from None

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def _follow(
        self, request: Request, until: float, platform: str, before_visible: Hook | None
    ) -> Answer:
        """Send `request`, and follow redirects of a GET; each hop is judged anew."""
        for _ in range(MAX_REDIRECTS + 1):
            target = read_target(request.url, request.params)
            self._judge(target.origin, request)
            raw = self._exchange(target, request, until, platform, before_visible)
            onward = redirect(request, target, raw)
            if onward is None:
                return _read(raw, target, request, platform)
            request = onward
        raise Broken("network.redirects", f"more than {MAX_REDIRECTS} redirects")

    def _judge(self, origin: Origin, request: Request) -> None:
        if origin in self._allowed:
            return
        address = literal(origin.host)
        if address is not None and not is_public(address):
            raise _private()
        if origin.port not in self._web_ports:
            raise Blocked(f"port {origin.port} is not a web port")
        if origin.scheme == "https":
            return
        if request.method not in REPEATABLE or carries_a_grant(request):
            raise Blocked("without TLS nothing secret may be sent", code="egress.insecure")

    def _exchange(
        self,
        target: Target,
        request: Request,
        until: float,
        platform: str,
        before_visible: Hook | None,
    ) -> RawAnswer:
        head, chunks = prepare(target, request)
        connection = self._pool.take(target.origin) or self._connect(target.origin, until)
        reused = connection.used
        try:
            if request.visible and before_visible is not None:
                before_visible()
            raw = connection.exchange(
                head, chunks, until=until, max_answer_bytes=request.max_answer_bytes
            )
        except Broken as error:
            connection.close()
            if request.visible and connection.touched:
                raise _uncertain(error, platform) from None
            if reused and not connection.answered and error.code == "network.cut":
                # The server closed an idle connection as we reached for it.
                return self._once_more(target, request, until)
            raise
        except BaseException:
            connection.close()
            raise
        self._keep(target.origin, connection)
        return raw

    def _once_more(self, target: Target, request: Request, until: float) -> RawAnswer:
        head, chunks = prepare(target, request)
        connection = self._connect(target.origin, until)
        try:
            raw = connection.exchange(
                head, chunks, until=until, max_answer_bytes=request.max_answer_bytes
            )
        except BaseException:
            connection.close()
            raise
        self._keep(target.origin, connection)
        return raw

    def _keep(self, origin: Origin, connection: Connection) -> None:
        if connection.may_carry_more():
            self._pool.give(origin, connection)
        else:
            connection.close()

    def _connect(self, origin: Origin, until: float) -> Connection:
        """Connect to an address that was checked, and to no other."""
        address = literal(origin.host)
        if address is not None:
            addresses: tuple[str, ...] = (address,)
        else:
            timeout_s = min(LOOK_UP_TIMEOUT_S, until - time.monotonic())
            addresses = look_up(origin.host, resolve=self._resolve, timeout_s=timeout_s)
        if origin not in self._allowed and not all(map(is_public, addresses)):
            raise _private()
        tls = self._trusted() if origin.scheme == "https" else None
        return open_connection(origin, addresses, tls=tls, until=until)

    def _trusted(self) -> ssl.SSLContext:
        """Return the context that verifies servers; loading the authorities takes a while."""
        with self._tls_lock:
            if self._tls is None:
                self._tls = ssl.create_default_context(cafile=certifi.where())
                self._tls.set_alpn_protocols(["http/1.1"])
                if self._ca_file:
                    self._tls.load_verify_locations(self._ca_file)
            return self._tls


def _read(raw: RawAnswer, target: Target, request: Request, platform: str) -> Answer:
    try:
        return to_answer(raw, url=str(target))
    except Broken as error:
        if request.visible:
            raise _uncertain(error, platform) from None
        raise


def _private() -> Blocked:
    return Blocked("the host is not on the public internet", code="egress.blocked")


def _uncertain(error: Broken, platform: str) -> ConnectorError:
    return Uncertain(error.detail, platform=platform, code=error.code)
