"""Prepare the practice network: accounts, its clock, its faults. For the demo and rehearsals."""

from collections.abc import Mapping
from datetime import datetime

from loa.connectors.contract import Answer, Flow, PracticeFlows, Request, ask
from loa.connectors.reading import read_from, rows, text
from loa.kernel.json import JSON
from loa.platforms.sandbox.calls import succeeded
from loa.platforms.sandbox.wire import PLATFORM


def open_account(base_url: str, fields: Mapping[str, JSON]) -> Flow[Mapping[str, str]]:
    """Open an account and return what a person would type to connect it."""
    answer = yield from _order("POST", base_url, "accounts", dict(fields))
    return {
        "base_url": base_url,
        "handle": _text(answer, "handle"),
        "access_code": _text(answer, "access_code"),
    }


def set_clock(base_url: str, instant: datetime | None, speed: float) -> Flow[None]:
    """Let the network live at `instant`, time running at `speed`; None for real time."""
    change: dict[str, JSON] = {"real": True}
    if instant is not None:
        change = {"now": instant.isoformat(), "speed": speed}
    yield from _order("POST", base_url, "clock", change)


def order_fault(base_url: str, order: Mapping[str, JSON]) -> Flow[str]:
    """Let the network misbehave; order: kind, account, operation, count, ..."""
    answer = yield from _order("POST", base_url, "faults", dict(order))
    return _text(answer, "id")


def lift_faults(base_url: str) -> Flow[None]:
    """Let the network behave again."""
    yield from _order("DELETE", base_url, "faults", {})


def handles(base_url: str) -> Flow[tuple[str, ...]]:
    """Return the handles of everybody who was ever opened an account there."""
    answer = yield from ask(Request("GET", f"{base_url.rstrip('/')}/api/v1/admin/accounts"))
    return read_from(
        succeeded(answer),
        lambda body: tuple(text(one, "handle") for one in rows(body, "accounts")),
        platform=PLATFORM,
    )


def start_over(base_url: str) -> Flow[None]:
    """Let the network begin empty; what it held is set aside, not erased."""
    yield from _order("POST", base_url, "reset", {})


FLOWS = PracticeFlows(
    handles=handles,
    start_over=start_over,
    open_account=open_account,
    set_clock=set_clock,
    order_fault=order_fault,
    lift_faults=lift_faults,
)


def _order(method: str, base_url: str, subject: str, body: dict[str, JSON]) -> Flow[Answer]:
    url = f"{base_url.rstrip('/')}/api/v1/admin/{subject}"
    # An order must be JSON, also an empty one: the network takes no others.
    return succeeded((yield from ask(Request(method, url, json=body))))


def _text(answer: Answer, name: str) -> str:
    return read_from(answer, lambda body: text(body, name), platform=PLATFORM)
