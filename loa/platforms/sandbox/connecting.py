"""Connect an account of the practice network, and ask whether it still is."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from loa.connectors.contract import (
    Answer,
    ChannelRef,
    Connected,
    Flow,
    Renewed,
    Request,
    ask,
)
from loa.connectors.errors import ChannelLost, Refused
from loa.connectors.reading import Unreadable, read_from
from loa.platforms.sandbox import wire
from loa.platforms.sandbox.calls import address, bearer, succeeded


def connect(fields: Mapping[str, str]) -> Flow[Connected]:
    """Connect the account whose handle and access code a person typed.

    Where the account has sessions, the code opens one and is not kept.
    """
    base_url = _origin(fields.get("base_url", ""))
    code = fields.get("access_code", "").strip()
    limits = yield from ask(Request("GET", f"{base_url}/api/v1/limits"))
    if limits.status == HTTPStatus.NOT_FOUND or not _is_the_network(limits):
        raise Refused(
            "the address answers, but is no practice network",
            platform=wire.PLATFORM,
            code="instance.unsupported",
            status=limits.status,
        )
    connected, has_sessions = yield from _who_am_i(base_url, code)
    wanted = fields.get("handle", "").strip().removeprefix("@").lower()
    if wanted != connected.handle:
        raise Refused(
            f"the access code belongs to @{connected.handle}",
            platform=wire.PLATFORM,
            code="grant.other_account",
        )
    if not has_sessions:
        return connected
    opening = Request("POST", f"{base_url}/api/v1/sessions", headers=bearer(code), json={})
    session = yield from _session(opening)
    return replace(connected, secret=session.secret, grant_expires_at=session.grant_expires_at)


def check(channel: ChannelRef) -> Flow[Connected]:
    """Ask whether the access code still opens the account, and what the limits are."""
    connected, _ = yield from _who_am_i(channel.base_url, channel.secret["access_code"])
    return replace(connected, secret=channel.secret)


def renew(channel: ChannelRef) -> Flow[Renewed]:
    """Trade the refresh code for new codes. It is good once: keep the new ones first."""
    code = channel.secret.get("refresh_code")
    if not code:
        raise ChannelLost(
            "this access code is not renewed", platform=wire.PLATFORM, code="grant.expired"
        )
    url = address(channel, "/sessions/renew")
    return (yield from _session(Request("POST", url, json={"refresh_code": code})))


def _session(request: Request) -> Flow[Renewed]:
    answer = yield from ask(request)
    return read_from(succeeded(answer), wire.to_session, platform=wire.PLATFORM)


def _who_am_i(base_url: str, code: str) -> Flow[tuple[Connected, bool]]:
    """Return the account, and whether it has sessions."""
    headers = bearer(code)
    # Signed: a picture-first account has limits of its own.
    limits = yield from ask(Request("GET", f"{base_url}/api/v1/limits", headers=headers))
    accepted = read_from(succeeded(limits), wire.to_limits, platform=wire.PLATFORM)
    answer = yield from ask(Request("GET", f"{base_url}/api/v1/me", headers=headers))
    return read_from(
        succeeded(answer),
        lambda me: (
            wire.to_connected(me, accepted, base_url=base_url, access_code=code),
            wire.has_sessions(me),
        ),
        platform=wire.PLATFORM,
    )


def _is_the_network(limits: Answer) -> bool:
    """Say whether a successful answer is the network's; trouble is explained elsewhere."""
    if limits.status != HTTPStatus.OK:
        return True
    try:
        wire.to_limits(limits.body)
    except Unreadable:
        return False
    return True


def _origin(typed: str) -> str:
    """Return scheme, host and port of what was typed; http is assumed, as it runs nearby."""
    whole = typed.strip() if "://" in typed else f"http://{typed.strip()}"
    try:
        parts = urlsplit(whole)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        is_address = False
    if not is_address or not whole.isprintable() or " " in whole:
        raise Refused(
            "this is not the address of a practice network",
            platform=wire.PLATFORM,
            code="instance.unreadable",
        )
    return f"{parts.scheme}://{parts.netloc}"
