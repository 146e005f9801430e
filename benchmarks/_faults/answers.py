"""F2, F8, F9, F12: the platform loses answers, asks to wait, takes grants back, and lies."""

import time
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

from benchmarks._faults.case import Case, disconnect

LOST: tuple[tuple[str, dict[str, object]], ...] = (
    ("drop", {}),
    ("reset", {}),
    ("truncate", {}),
    ("status", {"status": 502}),
    ("lose_answer", {"seconds": 1.0}),
)
STORM_S, RETRY_AFTER_S = 6.0, 2
# Refusals that say for sure that nothing was published; 401 and 429 have faults of their own.
REFUSALS = (400, 403, 404, 409, 410, 413, 422)
TROUBLES = (500, 502, 503, 504)
BODIES = ("error", "empty", "html", "half_json", "wrong_type")
SOME = 0.15


def lost(case: Case) -> None:
    """F2: answers to accepted posts get lost, in five ways."""
    for kind, more in LOST:
        case.scene.practice.client.add_fault(
            kind,
            operation="create_post",
            when="after",
            count=None,
            probability=0.1,
            seed=case.chance.randint(1, 999),
            **more,
        )
    case.make_due()
    case.finish()


def stormed(case: Case) -> None:
    """F8: half of the calls are answered with "wait"; nobody may call before the time is up."""
    case.scene.practice.client.add_fault(
        "rate_limit",
        operation="create_post",
        count=None,
        probability=0.5,
        seed=case.chance.randint(1, 999),
        retry_after_s=RETRY_AFTER_S,
    )
    case.make_due()
    with case.workers(2):
        time.sleep(STORM_S)
        case.scene.practice.client.clear_faults()
        case.settled()
    case.wrong += _called_too_early() if _was_told_to_wait() else ["the storm did not come"]


def taken_back(case: Case) -> None:
    """F9: grants die in the middle; somebody reconnects, and the queue goes on."""
    case.scene.practice.client.add_fault(
        "dead_token",
        operation="create_post",
        count=None,
        probability=0.1,
        seed=case.chance.randint(1, 999),
    )
    case.make_due(parts=2)
    with case.workers(2), _somebody_reconnects(case):
        time.sleep(STORM_S)
        case.scene.practice.client.clear_faults()
        case.settled()


def lied_to(case: Case) -> None:
    """F12: every status with every kind of body, before and after the post was accepted.

    A refusal of the network's own form is believed; where a liar publishes and refuses in one
    breath nothing can help, so after accepting only troubles and useless successes are told.
    """
    case.may_refuse = True
    plans = [(status, body, "before") for status in REFUSALS + TROUBLES for body in BODIES]
    plans += [(status, body, "after") for status in TROUBLES for body in BODIES]
    for status, body, when in plans:
        _disturb(case, "status", when=when, status=status, body=body)
    for body in BODIES[1:]:
        _disturb(case, "malformed_body", when="after", body=body)
    case.make_due()
    case.finish()


def _disturb(case: Case, kind: str, **order: object) -> None:
    case.scene.practice.client.add_fault(
        kind,
        operation="create_post",
        count=None,
        probability=SOME / 10,
        seed=case.chance.randint(1, 99_999),
        **order,
    )


def _was_told_to_wait() -> bool:
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Attempt  # noqa: PLC0415

    with fence.everywhere("see whether the storm came"):
        return Attempt.objects.filter(retry_after_s__isnull=False).exists()


def _called_too_early() -> list[str]:
    """Return the calls that came before the channel's "wait" was over, by our own evidence."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Attempt  # noqa: PLC0415

    early: list[str] = []
    with fence.everywhere("compare tries with what the platform asked"):
        tries = list(
            Attempt.objects.filter(step="publish")
            .select_related("delivery")
            .order_by("started_at", "pk")
        )
    for told in tries:
        if told.retry_after_s is None or told.ended_at is None:
            continue
        until = told.ended_at + timedelta(seconds=told.retry_after_s)
        early += [
            f"delivery {one.delivery_id} at {one.started_at}"
            for one in tries
            if one.delivery.channel_id == told.delivery.channel_id
            and told.ended_at < one.started_at < until
        ]
    return early


class _somebody_reconnects:  # noqa: N801 (reads as what it does)
    """A person who reconnects lost channels as they see them."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            while not self._over.wait(0.3):
                self._mend()
        finally:
            disconnect()

    def _mend(self) -> None:
        from loa.channels.actions import check_channel  # noqa: PLC0415
        from loa.channels.models import Channel  # noqa: PLC0415
        from loa.connectors.errors import ConnectorError  # noqa: PLC0415
        from loa.ops import fence  # noqa: PLC0415

        with fence.inside(self._case.scene.workspace.pk):
            for channel in Channel.objects.filter(state=Channel.State.LOST):
                with suppress(ConnectorError):
                    check_channel(channel)
