from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from loa.measure.rules.metrics import (
    DEFINITIONS,
    Metric,
    engagement_rate,
    engagements,
    reference_page,
)
from loa.measure.rules.reading_times import AGES, next_reading_at

LIVE_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_engagements_add_only_what_the_platform_gives() -> None:
    assert engagements({"likes": 10, "replies": 2, "reach": 300}) == 12


def test_a_post_without_counts_has_no_engagements_rather_than_none_of_them() -> None:
    assert engagements({}) is None
    assert engagements({"reach": 300}) is None
    assert engagements({"likes": 0}) == 0


def test_the_engagement_rate_is_engagements_by_reach() -> None:
    assert engagement_rate({"likes": 12, "reposts": 3, "reach": 300}) == 0.05


def test_a_rate_without_its_denominator_is_unavailable() -> None:
    assert engagement_rate({"likes": 12}) is None
    assert engagement_rate({"likes": 0, "reach": 0}) is None


def test_every_metric_is_defined_once() -> None:
    assert [one.metric for one in DEFINITIONS] == list(Metric)


@given(age_s=st.integers(min_value=0, max_value=int(AGES[-1].total_seconds()) - 1))
def test_the_next_reading_is_always_ahead(age_s: int) -> None:
    now = LIVE_AT + timedelta(seconds=age_s)

    planned = next_reading_at(delivered_at=LIVE_AT, now=now)

    assert planned is not None
    assert planned > now


def test_readings_end_after_four_weeks() -> None:
    assert next_reading_at(delivered_at=LIVE_AT, now=LIVE_AT + timedelta(days=28)) is None


def test_a_long_absence_is_answered_with_one_reading_not_with_all_that_were_missed() -> None:
    planned = next_reading_at(delivered_at=LIVE_AT, now=LIVE_AT + timedelta(days=3))

    assert planned == LIVE_AT + timedelta(days=4)


def test_the_reference_page_says_what_the_code_does() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "reference" / "metrics.md"

    assert page.read_text(encoding="utf-8") == reference_page()
