"""What to do after a failed try: wait, hold the channel, ask a person, or look first."""

from dataclasses import dataclass
from enum import StrEnum

from loa.connectors.errors import (
    ChannelLost,
    ConnectorError,
    GrantExpired,
    NotReady,
    NotSent,
    RateLimited,
    Refused,
    StillProcessing,
)
from loa.kernel.errors import LoaError, Passing
from loa.kernel.json import JSON
from loa.publish.rules.lifecycle import DeliveryState

FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 1800.0
MOST_TRIES = 10
# What we prepare ourselves tells when it is made. Looking all the same costs a claim and its quota.
SHORTEST_PREPARING_S, LONGEST_PREPARING_S, PREPARING_SHARE = 120.0, 600.0, 0.25
IN_PREPARATION = "media.making"
# A platform that holds us longer than a day is a matter for a person.
LONGEST_HOLD_S = 86_400.0
SHORTEST_HOLD_S = 1.0
# Stop using a native key before it dies, for clocks differ and requests wait in queues.
KEY_MARGIN_S = 300.0
SERVER_ERROR = 500
# After a renewal the next try is at once; a grant that keeps expiring is tried like the rest.
RENEWALS, RENEWED_WAIT_S = 2, 0.5


class Kind(StrEnum):
    """What kind of failure a try ended with."""

    NOT_SENT = "not_sent"
    NOT_READY = "not_ready"
    RATE_LIMITED = "rate_limited"
    GRANT_EXPIRED = "grant_expired"
    REFUSED = "refused"
    CHANNEL_LOST = "channel_lost"
    UNCERTAIN = "uncertain"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Failure:
    """How one try failed. visible: the call that the public can see may have been written.

    uploads: the platform's names for files it was not done with.
    """

    kind: Kind
    visible: bool
    code: str = ""
    detail: str = ""
    status: int | None = None
    request_id: str = ""
    retry_after_s: float | None = None
    uploads: tuple[JSON, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a failed try.

    wait_s: the delivery is not ready before. hold_s: nor is anything else on its channel.
    counts: this was one of the tries that are numbered. proven_not_live: nothing of this try
    can be public.
    """

    state: DeliveryState
    code: str
    wait_s: float = 0.0
    hold_s: float = 0.0
    counts: bool = True
    loses_channel: bool = False
    proven_not_live: bool = True


def failure_of(error: Exception, *, visible: bool) -> Failure:
    """Sort what a try raised. An exception that nobody foresaw is our own mistake: BROKEN."""
    if isinstance(error, Passing) and not visible:
        return Failure(Kind.NOT_SENT, visible, code_of(error), str(error))
    if isinstance(error, LoaError) and not isinstance(error, ConnectorError) and not visible:
        # Foreseen, and nothing a second try would mend: a missing picture, an unreadable grant.
        return Failure(Kind.REFUSED, visible, code_of(error), str(error))
    if not isinstance(error, ConnectorError):
        return Failure(Kind.BROKEN, visible, "loa.broken", f"{type(error).__name__}: {error}")
    match error:
        case RateLimited():
            kind = Kind.RATE_LIMITED
        case GrantExpired():
            kind = Kind.GRANT_EXPIRED
        case NotReady():
            kind = Kind.NOT_READY
        case NotSent():
            kind = Kind.NOT_SENT
        case ChannelLost():
            kind = Kind.CHANNEL_LOST
        case Refused():
            kind = Kind.REFUSED
        case _:
            kind = Kind.UNCERTAIN
    return Failure(
        kind,
        visible,
        code=error.code or f"{kind}.unexplained",
        detail=error.detail,
        status=error.status,
        request_id=error.request_id,
        retry_after_s=error.retry_after_s if isinstance(error, RateLimited) else None,
        uploads=error.uploads if isinstance(error, StillProcessing) else (),
    )


def code_of(error: LoaError) -> str:
    """Return the code of an error of our own: AssetMissing is "loa.asset_missing"."""
    name = type(error).__name__
    return "loa." + "".join(f"_{one.lower()}" if one.isupper() else one for one in name).strip("_")


def verdict(
    failure: Failure, *, tries: int, waited_s: float, jitter: float, has_native_key: bool
) -> Verdict:
    """Say what follows from `failure`.

    tries: numbered tries including this one. waited_s: since it was due. jitter: a random
    number from 0 to 1. has_native_key: the platform honours our key, so that "server error"
    may hide a success and still be tried again.
    """
    if failure.kind in {Kind.RATE_LIMITED, Kind.NOT_READY}:
        waits = _held if failure.kind is Kind.RATE_LIMITED else _looked_at_again
        return waits(failure, waited_s=waited_s, jitter=jitter)
    if failure.kind is Kind.REFUSED:
        return Verdict(DeliveryState.FAILED, failure.code)
    if failure.kind is Kind.CHANNEL_LOST:
        return Verdict(DeliveryState.DUE, failure.code, counts=False, loses_channel=True)
    if failure.visible and failure.kind in {Kind.UNCERTAIN, Kind.BROKEN}:
        return Verdict(DeliveryState.UNCERTAIN, failure.code, proven_not_live=False)
    if failure.kind is Kind.GRANT_EXPIRED and tries <= RENEWALS:
        return Verdict(DeliveryState.DUE, failure.code, wait_s=RENEWED_WAIT_S)
    hidden = has_native_key and failure.visible and (failure.status or 0) >= SERVER_ERROR
    return _tried_again(failure, tries=tries, jitter=jitter, proven=not hidden)


def backoff_s(tries: int, *, jitter: float, first_s: float = FIRST_WAIT_S) -> float:
    """Return how long to wait after `tries` tries: doubling, spread, from 7.5 s to 30 min."""
    longest = min(LONGEST_WAIT_S, first_s * 2.0 ** min(max(tries, 1) - 1, 30))
    return longest * (0.5 + 0.5 * jitter)


def preparing_wait_s(waited_s: float, *, jitter: float) -> float:
    """Return when to look again for what we prepare ourselves, if nobody says it is made."""
    longest = min(max(waited_s * PREPARING_SHARE, SHORTEST_PREPARING_S), LONGEST_PREPARING_S)
    return longest * (0.75 + 0.25 * jitter)


def key_lives(*, unproven_for_s: float, key_lives_s: float | None) -> bool:
    """Say whether sending again with the same key cannot make a second post."""
    return key_lives_s is not None and unproven_for_s < key_lives_s - KEY_MARGIN_S


def _tried_again(failure: Failure, *, tries: int, jitter: float, proven: bool) -> Verdict:
    if tries >= MOST_TRIES:
        state = DeliveryState.FAILED if proven else DeliveryState.UNCERTAIN
        return Verdict(state, failure.code, proven_not_live=proven)
    wait_s = backoff_s(tries, jitter=jitter)
    return Verdict(DeliveryState.DUE, failure.code, wait_s=wait_s, proven_not_live=proven)


def _looked_at_again(failure: Failure, *, waited_s: float, jitter: float) -> Verdict:
    """Wait for ourselves: nothing was tried, and it becomes too late as any post does."""
    wait_s = preparing_wait_s(waited_s, jitter=jitter)
    return Verdict(DeliveryState.DUE, failure.code, wait_s=wait_s, counts=False)


def _held(failure: Failure, *, waited_s: float, jitter: float) -> Verdict:
    asked_s = max(failure.retry_after_s or 0.0, SHORTEST_HOLD_S)
    # Never earlier than asked; a little later, so that the channels of one instance spread out.
    hold_s = asked_s + min(asked_s * 0.1, 10.0) * jitter
    if waited_s + hold_s > LONGEST_HOLD_S:
        return Verdict(
            DeliveryState.FAILED, failure.code, hold_s=min(hold_s, LONGEST_HOLD_S), counts=False
        )
    return Verdict(DeliveryState.DUE, failure.code, wait_s=hold_s, hold_s=hold_s, counts=False)
