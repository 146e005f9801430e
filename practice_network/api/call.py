"""One request from its arrival to its answer: who asks, what may go wrong, what is told."""

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from enum import Enum
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from practice_network.accounts import Account, Grant
from practice_network.faults.book import ALWAYS_BEFORE, Fault, Kind, When
from practice_network.faults.wire import ACCESS_IS_OVER, refusal, spoiled
from practice_network.json_values import Json, dump, parse_object
from practice_network.ledger import Caller
from practice_network.network import Network
from practice_network.refusals import Refusal
from practice_network.store import StorageFailed

_BOOT = secrets.token_hex(3)
_numbers = itertools.count(1)
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# What the code that a person typed is good for where an account has sessions.
_BEFORE_A_SESSION = frozenset({"show_me", "open_session"})


class Guard(Enum):
    """Who may call an operation."""

    ANYBODY = "anybody"
    ACCOUNT = "account"
    ADMIN = "admin"


@dataclass(slots=True)
class Call:
    """A request being answered. grant is None unless a valid access code came with it.

    slower_ms: what an uploaded file is processed longer, by order.
    """

    request: web.Request
    network: Network
    operation: str
    request_id: str
    now_ms: int
    grant: Grant | None
    slower_ms: int = 0

    @property
    def base_url(self) -> str:
        """Return the address under which the caller reached us."""
        return f"{self.request.scheme}://{self.request.host}"

    @property
    def account(self) -> Account:
        """Return whose access code came with the request."""
        if self.grant is None:
            raise Refusal(401, "token.missing", "Send an access code as a bearer token.")
        return self.grant.account

    @property
    def caller(self) -> Caller:
        """Return what the ledger keeps about this request."""
        return Caller(
            account=self.grant.account.handle if self.grant else "",
            token_id=self.grant.token_id if self.grant else "",
            request_id=self.request_id,
            now_ms=self.now_ms,
            real_ms=self.network.clock.real_ms(),
        )

    async def body(self) -> dict[str, Json]:
        """Return the JSON object that was sent."""
        return parse_object(await self.request.read())


type Handler = Callable[[Call], Awaitable[web.Response]]


def answer(
    value: Json, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Return `value` as JSON."""
    return web.Response(
        status=status, body=dump(value), content_type="application/json", headers=headers
    )


async def serve(
    request: web.Request, network: Network, operation: str, guard: Guard, handler: Handler
) -> web.StreamResponse:
    """Answer one request, unless a fault gets in its way."""
    code, now_ms = _bearer(request), network.clock.now_ms()
    grant = network.accounts.open(code, now_ms=now_ms) if code else None
    call = Call(
        request=request,
        network=network,
        operation=operation,
        request_id=f"{_BOOT}-{next(_numbers)}",
        now_ms=now_ms,
        grant=grant,
    )
    fault = None
    if guard is not Guard.ADMIN:
        fault = network.faults.strike(
            account=grant.account.handle if grant else "",
            operation=operation,
            request_id=call.request_id,
            now_ms=call.now_ms,
        )
    if fault is None:
        return await _answer(call, guard, handler)
    return await _misbehave(call, guard, handler, fault)


async def _misbehave(
    call: Call, guard: Guard, handler: Handler, fault: Fault
) -> web.StreamResponse:
    """Do what the fault orders, before or after the request is accepted."""
    if fault.kind is Kind.SLOW_MEDIA:
        call.slower_ms = round(fault.seconds * 1000)
        return await _answer(call, guard, handler)
    comes_before = fault.when is When.BEFORE or fault.kind in ALWAYS_BEFORE
    if fault.kind is Kind.SLOW:
        if comes_before:
            await asyncio.sleep(fault.seconds)
            call.now_ms = call.network.clock.now_ms()
        given = await _answer(call, guard, handler)
        if not comes_before:
            await asyncio.sleep(fault.seconds)
        return given
    if fault.kind is Kind.END_ACCESS and call.grant is not None:
        call.network.accounts.expire(call.grant.token_id, now_ms=call.now_ms)
        await call.network.store.settled()
    if comes_before:
        never_heard = refusal(503, "network.trouble", "Something went wrong on our side.")
        return _stamped(call, spoiled(fault, never_heard))
    return _stamped(call, spoiled(fault, await _answer(call, guard, handler)))


async def _answer(call: Call, guard: Guard, handler: Handler) -> web.Response:
    """Let the handler work, and wait until what it did is durable."""
    headers: dict[str, str] = {}
    try:
        if guard is Guard.ACCOUNT:
            headers = _admit_account(call)
        elif guard is Guard.ADMIN:
            _admit_admin(call)
        given = await handler(call)
        await call.network.store.settled()
    except Refusal as no:
        given = refusal(no.status, no.code, no.message, headers=no.headers)
        await call.network.store.settled()
    except StorageFailed:
        given = refusal(507, "storage.full", "The network could not keep this. Nothing was posted.")
    given.headers.update(headers | _announced(call))
    return _stamped(call, given)


def _announced(call: Call) -> dict[str, str]:
    """Return the headers that announce the end of this interface, if it was ordered."""
    ordered = call.network.faults.standing(
        Kind.SUNSET,
        account=call.grant.account.handle if call.grant else "",
        operation=call.operation,
        now_ms=call.now_ms,
    )
    headers: dict[str, str] = {}
    for fault in ordered:
        headers["Deprecation"] = "true"
        if fault.ends_at is not None:
            headers["Sunset"] = formatdate(fault.ends_at / 1000, usegmt=True)
    return headers


def is_local(request: web.Request) -> bool:
    """Say whether a request was made on this machine, to this machine by its own name."""
    return _is_loopback(request.remote) and _host_name(request) in _LOCAL_NAMES


def _admit_account(call: Call) -> dict[str, str]:
    """Return the rate limit headers of the caller; Refusal when they may not call now."""
    if call.grant is None:
        code = _bearer(call.request)
        if code and call.network.accounts.is_over(code, now_ms=call.now_ms):
            raise Refusal(401, "token.expired", ACCESS_IS_OVER)
        if code:
            raise Refusal(401, "token.unknown", "This access code is unknown or was revoked.")
        raise Refusal(401, "token.missing", "Send an access code as a bearer token.")
    account = call.grant.account
    opens_only = account.has_sessions and not call.grant.session
    if opens_only and call.operation not in _BEFORE_A_SESSION:
        raise Refusal(403, "session.missing", "This code only opens sessions.")
    allowance = call.network.rates.use(account.handle, limit=account.requests_per_window)
    headers = allowance.headers()
    if allowance.is_exceeded:
        wait = {"Retry-After": str(allowance.resets_in_s)}
        raise Refusal(429, "rate.limited", "Too many requests.", headers=headers | wait)
    return headers


def _admit_admin(call: Call) -> None:
    """Let only this machine administer, or the holder of the admin code; no web page may."""
    request = call.request
    code = call.network.admin_code
    if code and secrets.compare_digest(_bearer(request).encode(), code.encode()):
        return
    if not is_local(request):
        raise Refusal(403, "admin.not_here", "Only this machine administers the network.")
    if request.method != "GET" and request.content_type != "application/json":
        # A page elsewhere can make a browser send a form, but not JSON without asking first.
        raise Refusal(415, "admin.not_json", "Send application/json.")


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False


def _host_name(request: web.Request) -> str | None:
    """Return the name in the Host header: a rebound DNS name would show here."""
    return urlsplit(f"//{request.host}").hostname


def _bearer(request: web.Request) -> str:
    """Return the access code in the Authorization header; empty when there is none."""
    scheme, _, code = request.headers.get("Authorization", "").partition(" ")
    return code.strip() if scheme.lower() == "bearer" else ""


def _stamped(call: Call, given: web.Response) -> web.Response:
    given.headers["X-Request-Id"] = call.request_id
    return given
