"""Ask a platform for counts, within its quotas: what is published comes first."""

from collections.abc import Callable
from datetime import datetime

from loa.channels.actions import drive_channel
from loa.channels.models import Channel
from loa.connectors.contract import ChannelRef, Flow, Request, Wait
from loa.kernel.errors import LoaError
from loa.ops import clock, fence
from loa.publish.dispatcher import quotas

BUDGET_S = 30.0


class NoRoomToLook(LoaError):
    """The platform's quotas leave nothing for looking before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"no room to look before {until}")
        self.until = until


def ask_counts[T](
    channel: Channel, make_flow: Callable[[ChannelRef], Flow[T]], *, most_requests: int
) -> T:
    """Drive a flow that only reads, and pay for each request it made, also when it failed.

    most_requests: how many it may need. Raises NoRoomToLook before anything is asked;
    ConnectorError as the platform answers. No quota stays locked while the platform is asked.
    """
    now = clock.now()
    with fence.everywhere("see what is left of a quota that workspaces share"):
        until = quotas.look_from(channel, most_requests, now=now)
    if until > now:
        raise NoRoomToLook(until)
    asked = 0

    def note(step: Request | Wait) -> None:
        nonlocal asked
        asked += isinstance(step, Request)

    try:
        return drive_channel(channel, lambda ref: _noted(make_flow(ref), note), budget_s=BUDGET_S)
    finally:
        with fence.everywhere("pay from a quota that workspaces share"):
            quotas.pay_looks(channel, asked, now=now)


def _noted[T](flow: Flow[T], note: Callable[[Request | Wait], None]) -> Flow[T]:
    """Pass a flow on step by step, with what its driver sends or throws into it."""
    try:
        step = next(flow)
        while True:
            note(step)
            try:
                answer = yield step
            except LoaError as failed:
                step = flow.throw(failed)
            else:
                step = flow.send(answer)
    except StopIteration as done:
        result: T = done.value
        return result
