"""Changing what is live: who must agree, what is still open, when it is tried again.

Saying an edit or a removal twice changes nothing more, so a lost answer is simply said again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from loa.publish.rules.retries import MOST_TRIES, Failure, Kind, backoff_s

# Long enough to take it back, short enough to hurry.
UNDO_FOR = timedelta(seconds=10)


class ChangeKind(StrEnum):
    """What is asked: other words, or nothing there any more."""

    EDIT = "edit"
    REMOVE = "remove"


class ChangeState(StrEnum):
    """Where a change is. WAITING: for approval. DUE: on its way. WITHDRAWN: taken back."""

    WAITING = "waiting"
    DUE = "due"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OPEN = (ChangeState.WAITING, ChangeState.DUE, ChangeState.SENDING)


def is_agreed(
    *,
    mode: str,
    may_approve_own: bool,
    listed: Collection[int],
    able: Collection[int],
    asked_by: int,
    approved_by: Collection[int],
) -> bool:
    """Say whether enough have agreed to new words for a live post.

    mode: of the review rule. able: members who may approve. A list of nobody who could agree
    asks for any other approver instead.
    """
    if mode == "none":
        return True
    could = set(able) - (set() if may_approve_own else {asked_by})
    agreed = set(approved_by) & could
    must = set(listed) & could if mode == "all" else set()
    return must <= agreed and bool(agreed)


def after_failure(
    failure: Failure, *, tries: int, now: datetime, jitter: float
) -> tuple[ChangeState, datetime]:
    """Return what becomes of a change whose try failed, and when it is tried again."""
    if failure.kind is Kind.RATE_LIMITED:
        return ChangeState.DUE, now + timedelta(seconds=max(1.0, failure.retry_after_s or 0.0))
    if failure.kind in {Kind.REFUSED, Kind.CHANNEL_LOST} or tries >= MOST_TRIES:
        return ChangeState.FAILED, now
    return ChangeState.DUE, now + timedelta(seconds=backoff_s(tries, jitter=jitter, first_s=4.0))
