"""One state for all the channels of a card."""

from datetime import UTC, datetime, timedelta

import pytest

from loa.plan.rules.states import CardState, card_progress

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("deliveries", "state"),
    [
        (["due", "due"], CardState.SCHEDULED),
        (["claimed", "due"], CardState.SENDING),
        (["delivered", "due"], CardState.SENDING),
        (["delivered", "delivered"], CardState.DELIVERED),
        (["delivered", "cancelled"], CardState.DELIVERED),
        (["delivered", "failed"], CardState.FAILED),
        (["failed", "uncertain", "delivered"], CardState.UNCERTAIN),
    ],
)
def test_what_needs_a_person_comes_first(deliveries: list[str], state: CardState) -> None:
    progress = card_progress(review="none", deliveries=deliveries, planned_at=EARLIER, now=NOW)

    assert progress.state is state


@pytest.mark.parametrize(
    ("review", "state"),
    [
        ("none", CardState.DRAFT),
        ("requested", CardState.IN_REVIEW),
        ("changes", CardState.CHANGES_REQUESTED),
        ("approved", CardState.APPROVED),
    ],
)
def test_a_post_that_is_not_scheduled_shows_its_review(review: str, state: CardState) -> None:
    progress = card_progress(review=review, deliveries=[None], planned_at=LATER, now=NOW)

    assert progress.state is state


def test_a_time_that_passed_with_nothing_scheduled_was_missed() -> None:
    progress = card_progress(
        review="requested", deliveries=[None, "cancelled"], planned_at=EARLIER, now=NOW
    )

    assert progress.state is CardState.MISSED


def test_a_partly_live_card_says_how_many_are() -> None:
    progress = card_progress(
        review="none", deliveries=["delivered", "sending", "due"], planned_at=EARLIER, now=NOW
    )

    assert (progress.delivered_count, progress.channel_count) == (1, 3)
    assert progress.is_partial
