"""Which request meets which fault. Pure but for counting how often each fault struck."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from practice_network.clock import to_text
from practice_network.json_values import Json


class Kind(StrEnum):
    """What goes wrong. `before` and `after` say whether the request is accepted all the same.

    lose_answer: nothing is ever answered; the connection stays open, then closes.
    drop: the connection closes at once, without an answer.
    reset: the connection is reset (TCP RST), without an answer.
    truncate: an answer that promises more bytes than it brings.
    status: an HTTP status of choice. rate_limit: 429 with Retry-After.
    dead_token: 401, as if the access code had been revoked.
    end_access: 401, and the access code that came is over from then on, before its time.
    slow: the right answer, late. slow_media: what is uploaded is accepted, and processed for
    `seconds` more than usual. malformed_body: the right status with a useless body.
    stale_reads: lists and look-ups do not show posts of the last `seconds` yet.
    retired_metric: the named metrics are missing from readings.
    sunset: answers announce the end of this interface, at `ends_at` if given.
    """

    LOSE_ANSWER = "lose_answer"
    DROP = "drop"
    RESET = "reset"
    TRUNCATE = "truncate"
    STATUS = "status"
    RATE_LIMIT = "rate_limit"
    DEAD_TOKEN = "dead_token"  # noqa: S105 -- the name of a fault
    END_ACCESS = "end_access"
    SLOW = "slow"
    SLOW_MEDIA = "slow_media"
    MALFORMED_BODY = "malformed_body"
    STALE_READS = "stale_reads"
    RETIRED_METRIC = "retired_metric"
    SUNSET = "sunset"


class When(StrEnum):
    """Before the request is accepted (nothing happened), or after (it did)."""

    BEFORE = "before"
    AFTER = "after"


class Body(StrEnum):
    """What a spoiled answer carries."""

    ERROR = "error"
    EMPTY = "empty"
    HTML = "html"
    HALF_JSON = "half_json"
    WRONG_TYPE = "wrong_type"


STANDING = frozenset({Kind.STALE_READS, Kind.RETIRED_METRIC, Kind.SUNSET})
ALWAYS_BEFORE = frozenset({Kind.RATE_LIMIT, Kind.DEAD_TOKEN, Kind.END_ACCESS})


@dataclass(frozen=True, slots=True)
class Fault:
    """One order to misbehave.

    account, operation: patterns with * and ?; operations are named as in the API reference
    (create_post, upload_media, ...). skip: let this many matching requests pass first.
    count: how many times to strike; None has no end. probability: of striking at each match,
    drawn from `seed`. until: network time in ms after which it is over; None for never.
    seconds: how long slow waits, how long lose_answer holds the connection, how old a post
    must be for stale_reads to show it, how much longer slow_media takes.
    """

    id: str
    kind: Kind
    account: str = "*"
    operation: str = "*"
    when: When = When.AFTER
    count: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    until: int | None = None
    seconds: float = 30.0
    status: int = 503
    body: Body = Body.ERROR
    retry_after_s: int = 60
    metrics: tuple[str, ...] = ()
    ends_at: int | None = None

    def concerns(self, *, account: str, operation: str, now_ms: int) -> bool:
        """Say whether a request is one of those this fault is for."""
        if self.kind is Kind.SLOW_MEDIA and operation != "upload_media":
            return False
        return (
            fnmatchcase(account, self.account)
            and fnmatchcase(operation, self.operation)
            and (self.until is None or now_ms < self.until)
        )


@dataclass(slots=True)
class _Order:
    fault: Fault
    chance: random.Random
    passed: int = 0
    struck: int = 0
    requests: list[str] = field(default_factory=list)

    @property
    def is_spent(self) -> bool:
        return self.fault.count is not None and self.struck >= self.fault.count


_REMEMBERED_REQUESTS = 1000


class FaultBook:
    """All orders in force, in the order they were given."""

    def __init__(self) -> None:
        self._orders: dict[str, _Order] = {}
        self._given = 0

    def next_id(self) -> str:
        """Return an id no fault has had."""
        self._given += 1
        return f"f{self._given}"

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        chance = random.Random(fault.seed)  # noqa: S311 -- chance that can be replayed
        self._orders[fault.id] = _Order(fault, chance)

    def remove(self, fault_id: str) -> bool:
        """Lift one fault; False when there is none of that id."""
        return self._orders.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Lift every fault."""
        self._orders.clear()

    def strike(self, *, account: str, operation: str, request_id: str, now_ms: int) -> Fault | None:
        """Return the fault this request meets, and count it; None lets it pass."""
        if not self._orders:
            return None
        for order in self._orders.values():
            fault = order.fault
            if fault.kind in STANDING or order.is_spent:
                continue
            if not fault.concerns(account=account, operation=operation, now_ms=now_ms):
                continue
            if order.passed < fault.skip:
                order.passed += 1
                continue
            if fault.probability < 1.0 and order.chance.random() >= fault.probability:
                continue
            order.struck += 1
            if len(order.requests) < _REMEMBERED_REQUESTS:
                order.requests.append(request_id)
            return fault
        return None

    def standing(self, kind: Kind, *, account: str, operation: str, now_ms: int) -> list[Fault]:
        """Return the faults of a lasting kind that concern this request."""
        return [
            order.fault
            for order in self._orders.values()
            if order.fault.kind is kind
            and order.fault.concerns(account=account, operation=operation, now_ms=now_ms)
        ]

    def to_json(self) -> list[Json]:
        """Return every fault with how often, and which requests, it struck."""
        return [_describe(order) for order in self._orders.values()]


def _describe(order: _Order) -> Json:
    fault = order.fault
    return {
        "id": fault.id,
        "kind": fault.kind,
        "account": fault.account,
        "operation": fault.operation,
        "when": fault.when,
        "count": fault.count,
        "skip": fault.skip,
        "probability": fault.probability,
        "seed": fault.seed,
        "seconds": fault.seconds,
        "status": fault.status,
        "body": fault.body,
        "retry_after_s": fault.retry_after_s,
        "metrics": list(fault.metrics),
        "ends_at": to_text(fault.ends_at) if fault.ends_at is not None else None,
        "struck": order.struck,
        "requests": list(order.requests),
        "spent": order.is_spent,
    }
