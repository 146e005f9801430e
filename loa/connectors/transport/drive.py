"""Drive a flow: make its requests one by one and hand back its value."""

import atexit
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from loa.connectors.contract import Answer, Flow, Request, Wait
from loa.connectors.errors import ConnectorError, NotSent
from loa.connectors.transport.egress import Egress

# Called immediately before the visible request is written. If it raises, nothing is sent.
type BeforeVisible = Callable[[], None]
# Called with every answer, before the flow sees it: what its headers say concerns all flows.
type OnAnswer = Callable[[Request, Answer], None]


class Drive:
    """Runs flows over one egress. Threads may share it: it keeps nothing between calls."""

    def __init__(self, egress: Egress, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._egress = egress
        self._sleep = sleep

    def __call__[T](
        self,
        flow: Flow[T],
        *,
        platform: str,
        before_visible: BeforeVisible | None = None,
        on_answer: OnAnswer | None = None,
        budget_s: float | None = None,
    ) -> T:
        """Return what `flow` returns; raises a ConnectorError, or what the hook raised.

        A failed request is thrown into the flow first, which may know a way on (a link
        card without its picture). budget_s: the most the whole flow may take, waits included.
        """
        until = None if budget_s is None else time.monotonic() + budget_s
        shown = False
        try:
            step = next(flow)
            while True:
                try:
                    if isinstance(step, Request) and step.visible:
                        if shown:
                            raise RuntimeError("a flow may show the public only one request")
                        shown = True
                    answer = self._take(step, platform, until, before_visible)
                    if on_answer is not None and answer is not None and isinstance(step, Request):
                        on_answer(step, answer)
                except ConnectorError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(answer)
        except StopIteration as end:
            value: T = end.value
            return value
        finally:
            flow.close()

    def _take(
        self,
        step: Request | Wait,
        platform: str,
        until: float | None,
        before_visible: BeforeVisible | None,
    ) -> Answer | None:
        if isinstance(step, Request):
            return self._egress.send(
                step, platform=platform, until=until, before_visible=before_visible
            )
        if until is not None and time.monotonic() + step.seconds > until:
            raise NotSent("it took too long", platform=platform, code="time.over")
        self._sleep(step.seconds)
        return None


_shared = Egress()


def configure(*, allowed_origins: Iterable[str] = (), ca_file: str | None = None) -> None:
    """Say once per process which private origins may be reached, and whom to trust."""
    global _shared  # noqa: PLW0603 — one pool per process is the point
    _shared.close()
    _shared = Egress(allowed_origins=allowed_origins, ca_file=ca_file)


@contextmanager
def live() -> Iterator[Drive]:
    """Give a Drive over the connections that all threads of this process share."""
    yield Drive(_shared)


def drive[T](
    flow: Flow[T],
    *,
    platform: str,
    before_visible: BeforeVisible | None = None,
    on_answer: OnAnswer | None = None,
    budget_s: float | None = None,
) -> T:
    """Drive one flow over the shared connections; see Drive."""
    return Drive(_shared)(
        flow,
        platform=platform,
        before_visible=before_visible,
        on_answer=on_answer,
        budget_s=budget_s,
    )


def close() -> None:
    """Close the idle connections of this process."""
    _shared.close()


atexit.register(close)
