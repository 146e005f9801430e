"""Whether a channel can be published to, and what a person should do when it cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A person needs a day or two to reach whoever may grant access again.
ENDING_SOON = timedelta(days=3)
# Renewed this long before it ends, a grant survives a slow network and a restart.
RENEW_AHEAD = timedelta(minutes=10)


class Health(StrEnum):
    """How a channel is, from fine to gone; the worst that holds is the one shown."""

    FINE = "fine"
    HELD = "held"
    ENDING_SOON = "ending_soon"
    PAUSED = "paused"
    LOST = "lost"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a channel. Instants are UTC; None where there is none.

    grant_ends_at: when a grant that cannot be renewed runs out. held_until: the platform
    asked us to wait.
    """

    state: str
    grant_ends_at: datetime | None = None
    paused_at: datetime | None = None
    held_until: datetime | None = None


def health(standing: Standing, *, now: datetime) -> Health:
    """Return the health of a channel."""
    if standing.state in {Health.LOST, Health.DISCONNECTED}:
        return Health(standing.state)
    if standing.paused_at is not None:
        return Health.PAUSED
    if standing.grant_ends_at is not None and standing.grant_ends_at - now <= ENDING_SOON:
        return Health.ENDING_SOON
    if standing.held_until is not None and standing.held_until > now:
        return Health.HELD
    return Health.FINE


def must_renew(*, expires_at: datetime | None, now: datetime) -> bool:
    """Say whether a renewable grant should be renewed before it is used."""
    return expires_at is not None and expires_at - now <= RENEW_AHEAD
