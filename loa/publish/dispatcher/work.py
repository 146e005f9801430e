"""The values that pass between the parts of the dispatcher."""

from dataclasses import dataclass
from datetime import datetime

from loa.connectors.contract import Published
from loa.kernel.json import JSON
from loa.publish.rules.retries import Failure
from loa.publish.rules.threading import Frozen


@dataclass(slots=True)
class HeldPart:
    """One part of a delivery that this worker holds. published: None while it is not live."""

    part_id: int
    position: int
    key: str
    reference: str
    staged: JSON = None
    uploads: JSON = None
    published: Published | None = None


@dataclass(slots=True)
class Work:
    """A delivery in this worker's hands: to be sent, or, when `doubt`, to be looked up.

    fence: the claim it was taken with. look_token: for a doubt, the look_at that this worker
    set; whoever finds another value there lost the doubt to somebody else.
    """

    delivery_id: int
    fence: int
    workspace_id: int
    channel_id: int
    platform: str
    origin: str
    urgent: bool
    frozen: Frozen
    parts: list[HeldPart]
    due_at: datetime
    tries: int = 0
    look_token: datetime | None = None

    @property
    def is_doubt(self) -> bool:
        """True when it may be live and is to be looked up."""
        return self.look_token is not None

    @property
    def live(self) -> list[Published]:
        """The parts that are live, in order."""
        return [part.published for part in self.parts if part.published is not None]

    def next_part(self) -> HeldPart | None:
        """Return the first part that is not live; None when all are."""
        return next((part for part in self.parts if part.published is None), None)


@dataclass(slots=True)
class Ended:
    """How one step with a delivery ended, to be recorded.

    Exactly one of these holds: published (the part is live), failure (it failed), missing
    (looked, not there), let_go (not tried; back to the others). uploads: of a failure, what
    the platform has of the part's media by now.
    """

    work: Work
    part: HeldPart | None
    step: str
    started_at: datetime
    published: Published | None = None
    failure: Failure | None = None
    missing: bool = False
    let_go: bool = False
    uploads: JSON = None

    @property
    def more(self) -> bool:
        """True when other parts are still to be sent."""
        return any(part.published is None for part in self.work.parts if part is not self.part)
