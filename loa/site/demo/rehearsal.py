"""The place on which the demo rehearses: the practice network, reached through the registry."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from loa.connectors import transport
from loa.connectors.contract import Connector, Flow, PracticeFlows, pause
from loa.connectors.errors import ConnectorError
from loa.connectors.registry import all_connectors
from loa.kernel.errors import LoaError
from loa.kernel.json import JSON
from loa.ops import clock

BUDGET_S = 10.0
STARTS_WITHIN_S = 20.0


class CannotFill(LoaError):
    """The demo cannot be filled; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A place to rehearse. base_url: its address."""

    platform: Connector
    flows: PracticeFlows
    base_url: str

    @classmethod
    def found(cls, base_url: str) -> "Rehearsal":
        """Return the place at `base_url`, of the platform that has such flows."""
        for platform in all_connectors().values():
            if platform.practice is not None:
                return cls(platform, platform.practice, base_url)
        raise CannotFill("No installed platform offers a place to rehearse.")

    def wait(self) -> tuple[str, ...]:
        """Return the handles there as soon as the place answers. Raises CannotFill."""
        began_s = clock.monotonic_s()
        while True:
            try:
                return self.handles()
            except ConnectorError as error:
                if clock.monotonic_s() - began_s > STARTS_WITHIN_S:
                    raise CannotFill(
                        f"The practice network at {self.base_url} does not answer "
                        f"({error.detail}). Start it with `loa up`, then run `loa demo` again."
                    ) from None
            self._drive(pause(0.3))

    def handles(self) -> tuple[str, ...]:
        """Return the handles of all accounts there."""
        return self._drive(self.flows.handles(self.base_url))

    def make_room(self, wanted: Collection[str], there: Collection[str]) -> None:
        """Have an empty past there: what an interrupted filling left is set aside.

        Raises CannotFill when anybody else's account is there: their past is not ours to clear.
        """
        strangers = sorted(set(there) - set(wanted))
        if strangers:
            named = ", ".join(f"@{one}" for one in strangers[:3])
            raise CannotFill(
                f"The practice network at {self.base_url} is in use ({named}), and the demo needs "
                "ten weeks of its past. To get both, let the demo be filled before anything else."
            )
        if there:
            self._drive(self.flows.start_over(self.base_url))

    def live_at(self, instant: datetime) -> None:
        """Let the place stand still at `instant`."""
        self._drive(self.flows.set_clock(self.base_url, instant, 0.0))

    def live_now(self) -> None:
        """Let the place live in real time."""
        self._drive(self.flows.set_clock(self.base_url, None, 1.0))

    def open_account(self, account: Mapping[str, JSON]) -> Mapping[str, str]:
        """Open an account and return what a person would type to connect it."""
        return self._drive(self.flows.open_account(self.base_url, account))

    def misbehave(self, order: Mapping[str, JSON]) -> None:
        """Let the place do something wrong once."""
        self._drive(self.flows.order_fault(self.base_url, order))

    def _drive[T](self, flow: Flow[T]) -> T:
        return transport.drive(flow, platform=self.platform.name, budget_s=BUDGET_S)
