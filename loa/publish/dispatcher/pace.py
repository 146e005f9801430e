"""How fast and how patiently a worker works; tests hurry it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from loa.publish.rules.settling import PATIENT, Patience

# Called with the name of each step that is about to follow. Tests die, freeze or wait in it.
type Checkpoint = Callable[[str], None]


def no_checkpoint(_step: str) -> None:
    """Let every step pass."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The measures of one worker.

    senders: threads, so the most deliveries in `sending` at once. batch: rows claimed at a
    time, at most: much of what a claim costs it costs once, for few rows as for many. depth:
    rows of one channel held at a time; small, because what is claimed no longer hears of edits.
    lease_s: how long a claim holds unless it is renewed, every renew_s.
    sweep_s: seconds between two looks for what dead workers left.
    """

    senders: int = 48
    batch: int = 400
    depth: int = 8
    lease_s: float = 60.0
    renew_s: float = 15.0
    sweep_s: float = 2.0
    patience: Patience = field(default=PATIENT)

    @property
    def channels(self) -> int:
        """How many channels this worker holds at most: the rest is for other workers."""
        return self.senders + max(1, self.senders // 2)

    @property
    def held(self) -> int:
        """How much may wait for a sender here, at most."""
        return self.batch + self.batch // 2

    @property
    def low(self) -> int:
        """With how little waiting this worker asks for more."""
        return min(self.batch // 4, 2 * self.senders)
