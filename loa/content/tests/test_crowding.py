"""A plan that holds more than the platform takes is noticed while it is made."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from loa.connectors.quotas import FACT, Quota, Scope
from loa.content.rules.crowding import crowded, most_in_a_window
from loa.content.rules.findings import Severity
from loa.content.wording import sentence
from loa.ops import fence
from tests.cast import A_MONDAY, a_channel, a_post, a_workspace
from tests.findings import findings_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TWO_A_MINUTE = Quota("posts", Scope.CHANNEL, allowed=6, window_s=60, part=3)


def seconds(*offsets: int) -> list[datetime]:
    return [NOON + timedelta(seconds=one) for one in offsets]


def test_a_window_is_counted_wherever_it_begins() -> None:
    assert most_in_a_window(seconds(0, 20, 40, 60, 80, 100), window_s=60) == 3
    assert most_in_a_window([], window_s=60) == 0


def test_what_fits_is_no_finding() -> None:
    assert crowded([TWO_A_MINUTE], seconds(0, 30, 60, 90)) == ()


def test_what_does_not_fit_is_a_warning_with_its_measure() -> None:
    [finding] = crowded([TWO_A_MINUTE], seconds(0, 20, 40))

    assert finding.severity == Severity.WARN
    assert finding.values == {"count": 3, "limit": 2, "minutes": 1}
    with translation.override("en"):
        assert sentence(finding).startswith("3 posts within 1 minutes")


@pytest.mark.django_db
def test_the_composer_hears_of_it_from_the_plan_of_the_channel() -> None:
    workspace = a_workspace()
    channel = a_channel(workspace, facts={FACT: {"requests": 2}})
    for minute in range(2):
        due_at = A_MONDAY + timedelta(minutes=minute)
        a_post(workspace, text=f"bài {minute}", channels=(channel,), due_at=due_at)
    last = a_post(workspace, text="cuối", channels=(channel,), due_at=A_MONDAY)
    apart = a_post(
        workspace, text="riêng", channels=(channel,), due_at=A_MONDAY + timedelta(hours=3)
    )

    with fence.inside(workspace.pk):
        found = findings_of(last.variants.select_related("channel", "post", "workspace").get())
        elsewhere = findings_of(apart.variants.select_related("channel", "post", "workspace").get())

    assert [one.code for one in found] == ["quota.crowded"]
    assert found[0].values["count"] == 3
    assert elsewhere == ()
