"""Connect an account of the practice network, and ask whether it still is."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from loa.connectors.contract import Answer, ChannelRef, Connected, Flow, Request, ask
from loa.connectors.errors import Refused
from loa.connectors.reading import Unreadable, read_from
from loa.platforms.sandbox import wire
from loa.platforms.sandbox.calls import succeeded


def connect(fields: Mapping[str, str]) -> Flow[Connected]:
    """Connect the account whose handle and access code a person typed."""
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
    connected = yield from _who_am_i(base_url, code)
    wanted = fields.get("handle", "").strip().removeprefix("@").lower()
    if wanted != connected.handle:
        raise Refused(
            f"the access code belongs to @{connected.handle}",
            platform=wire.PLATFORM,
            code="grant.other_account",
        )
    return connected


def check(channel: ChannelRef) -> Flow[Connected]:
    """Ask whether the access code still opens the account, and what the limits are."""
    return (yield from _who_am_i(channel.base_url, channel.secret["access_code"]))


def _who_am_i(base_url: str, code: str) -> Flow[Connected]:
    headers = {"Authorization": f"Bearer {code}"}
    # Signed: a picture-first account has limits of its own.
    limits = yield from ask(Request("GET", f"{base_url}/api/v1/limits", headers=headers))
    accepted = read_from(succeeded(limits), wire.to_limits, platform=wire.PLATFORM)
    answer = yield from ask(Request("GET", f"{base_url}/api/v1/me", headers=headers))
    return read_from(
        succeeded(answer),
        lambda me: wire.to_connected(me, accepted, base_url=base_url, access_code=code),
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
