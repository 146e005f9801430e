"""The log is found through, read page by page, and taken away as a file."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from loa.content.models import Campaign
from loa.ops import clock, fence
from loa.publish import actions, queries
from loa.publish.models import Delivery
from loa.publish.queries import Filters, Shown
from loa.publish.rules.places_in_log import Place
from loa.workspace.models import Workspace
from tests import cast
from tests.house_rules import rows as all_rows

pytestmark = pytest.mark.django_db

NOW = cast.A_MONDAY
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace(language="en")


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    with clock.at(NOW):
        yield


def delivered(workspace: Workspace, count: int = 1, *, late_s: int = 0, **post: Any) -> list[int]:
    """Let posts have gone out, one a minute until now; return them, the newest first."""
    channel = post.pop("channel", None) or cast.a_channel(workspace)
    ids = []
    for number in range(count):
        at = NOW - (number + 1) * MINUTE
        words = {"title": "", "text": f"Loaf {number}"} | post
        made = cast.a_post(workspace, channels=(channel,), due_at=NOW + MINUTE, **words)
        with fence.inside(workspace.pk):
            [one] = actions.schedule_post(made, by=cast.the_owner(workspace))
            Delivery.all_work.filter(pk=one.pk).update(
                state="delivered",
                external_id=f"p{one.pk}",
                due_at=at - timedelta(seconds=late_s),
                scheduled_at=at - timedelta(hours=1),
                delivered_at=at,
            )
        ids.append(one.pk)
    return ids


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def read(workspace: Workspace, asked: str = "") -> str:
    client = cast.signed_in(cast.ana(workspace))
    answer = client.get(f"/w/{workspace.slug}/deliveries/?{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_words_are_found_without_accents(bakery: Workspace) -> None:
    delivered(bakery, text="Bánh mì nóng")
    delivered(bakery, text="Cà phê sữa")

    shown = read(bakery, "q=ca+phe")

    assert "Cà phê sữa" in shown
    assert "Bánh mì nóng" not in shown


def test_the_log_is_narrowed_by_campaign_person_platform_and_days(bakery: Workspace) -> None:
    ben = cast.ben(bakery)
    with fence.inside(bakery.pk):
        tet = Campaign.objects.create(workspace=bakery, name="Tết", created_at=NOW)
    [first] = delivered(bakery, text="For Tết", campaign=tet)
    [second] = delivered(bakery, text="Handed over by Ben")
    [old] = delivered(bakery, text="Last week")
    other = cast.a_channel(bakery, platform="mastodon")
    delivered(bakery, text="Elsewhere", channel=other)
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=second).update(scheduled_by=ben)
        Delivery.all_work.filter(pk=old).update(delivered_at=NOW - timedelta(days=7))

    def found(asked: str) -> set[str]:
        shown = read(bakery, asked)
        words = ("For Tết", "Handed over by Ben", "Last week", "Elsewhere")
        return {one for one in words if f'">{one}' in shown}

    assert found(f"campaign={tet.pk}") == {"For Tết"}
    assert found(f"member={ben.pk}") == {"Handed over by Ben"}
    assert found("platform=mastodon") == {"Elsewhere"}
    assert found("from=2026-02-23&to=2026-02-23") == {"Last week"}
    assert found("from=2026-02-24") == {"For Tết", "Handed over by Ben", "Elsewhere"}
    assert first


def test_only_what_was_late(bakery: Workspace) -> None:
    delivered(bakery, text="In time", late_s=59)
    delivered(bakery, text="Too late", late_s=61)

    shown = read(bakery, "late=1")

    assert "Too late" in shown
    assert "In time" not in shown


@pytest.mark.parametrize(
    "asked",
    [
        "from=tomorrow&to=9999-12-31",
        "after=x&before=y&begins=z",
        "after=99999999T000000.000000-1",
        "after=20260302T000000.000000-" + "9" * 30,
        "campaign=9999999&member=-1&platform=%00",
        "q=" + "%00" + "a" * 5000,
    ],
)
def test_an_address_with_nonsense_shows_what_is_left_of_it(bakery: Workspace, asked: str) -> None:
    delivered(bakery, text="Loaves")

    assert "Deliveries" in read(bakery, asked)


def test_pages_follow_each_other_also_while_something_goes_out(bakery: Workspace) -> None:
    ids = delivered(bakery, 7)
    with fence.inside(bakery.pk):
        first = queries.log_page(bakery, Filters(), now=NOW, size=3)
        delivered(bakery, 1)  # above all of them but the newest
        second = queries.log_page(bakery, Filters(), now=NOW, size=3, after=first.after)
        third = queries.log_page(bakery, Filters(), now=NOW, size=3, after=second.after)
        back = queries.log_page(bakery, Filters(), now=NOW, size=3, before=third.before)

    assert [one.pk for one in [*first.rows, *second.rows, *third.rows]] == ids
    assert third.after is None
    assert [one.pk for one in back.rows] == ids[3:6]


@pytest.mark.parametrize("shown", [Shown.PAST, Shown.DELIVERED, Shown.WAITING])
def test_every_delivery_is_on_one_page_also_those_of_one_moment(
    bakery: Workspace, shown: Shown
) -> None:
    ids = delivered(bakery, 9)
    state = "due" if shown == Shown.WAITING else "delivered"
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk__in=ids).update(
            state=state, due_at=NOW, delivered_at=NOW if state == "delivered" else None
        )
        seen: list[int] = []
        place, pages = None, 0
        while pages == 0 or place:
            page = queries.log_page(bakery, Filters(shown), now=NOW, size=2, after=place)
            seen += [one.pk for one in page.rows]
            place, pages = page.after, pages + 1

    assert sorted(seen) == sorted(ids)
    assert pages == 5


def test_what_is_read_stays_in_place_and_newer_ones_are_announced(bakery: Workspace) -> None:
    channel = cast.a_channel(bakery)
    delivered(bakery, 2, channel=channel, text="Read now")
    with fence.inside(bakery.pk):
        page = queries.log_page(bakery, Filters(), now=NOW, size=30)
    with clock.at(NOW + MINUTE):
        [newer] = delivered(bakery, channel=channel, text="Just went out")
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=newer).update(delivered_at=NOW + MINUTE)

    with clock.at(NOW + 2 * MINUTE):
        shown = read(bakery, f"begins={page.first}")

    assert "Just went out" not in shown
    assert "1 newer delivery: show it" in shown


def test_the_log_costs_the_same_questions_for_many_as_for_few(bakery: Workspace) -> None:
    def cost() -> int:
        client: Client = cast.signed_in(cast.ana(bakery))
        client.get(f"/w/{bakery.slug}/deliveries/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/w/{bakery.slug}/deliveries/?q=loaf&late=1")
        return len(asked)

    delivered(bakery, 2, late_s=90)
    few = cost()
    delivered(bakery, 20, late_s=90)

    assert cost() == few


def test_the_file_holds_what_the_filters_hold_and_runs_nothing(bakery: Workspace) -> None:
    delivered(bakery, text="Left out")
    delivered(bakery, text='=HYPERLINK("https://evil.example")', late_s=5)
    client = cast.signed_in(cast.ana(bakery))

    answer = client.get(f"/w/{bakery.slug}/deliveries/export/?q=hyperlink")
    content = whole(answer).decode("utf-8-sig")

    head, row = csv.reader(io.StringIO(content))
    named = dict(zip(head, row, strict=True))
    assert named["Post"].startswith("'=HYPERLINK")
    assert named["State"] == "delivered"
    assert named["Late, seconds"] == "5.0"
    assert named["Confirmed live"] == "2026-03-02 08:59:00"
    assert answer["Content-Disposition"].startswith("attachment")
    assert all_rows.audited(bakery, "delivery.exported")


def test_the_file_asks_little_however_long_it_is(bakery: Workspace) -> None:
    delivered(bakery, 12)
    client = cast.signed_in(cast.ana(bakery))

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/w/{bakery.slug}/deliveries/export/")
        lines = whole(answer).splitlines()

    assert len(lines) == 13
    assert len(asked) < 30


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001
    st.integers(0, 2**63 - 1),
)
def test_a_place_survives_the_address(at: datetime, delivery_id: int) -> None:
    place = Place(at.replace(tzinfo=UTC), delivery_id)

    assert Place.read(str(place)) == place


@given(st.text())
def test_no_text_breaks_the_reading_of_a_place(text: str) -> None:
    Place.read(text)
    Place.read(f"20260302T000000.000000-{text}")
