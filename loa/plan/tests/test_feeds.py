"""Calendar feeds: what a secret link tells, and when it stops."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from http import HTTPStatus
from typing import Any

import icalendar
import pytest
from django.test import Client

from loa.channels.models import Channel
from loa.ops import clock, fence
from loa.plan import actions
from loa.plan.models import CalendarFeed
from loa.plan.tests.planning import NOW, at, local
from loa.workspace.models import Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace()


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Bakery")


def token(workspace: Workspace, channel: Channel | None = None) -> str:
    with fence.inside(workspace.pk):
        return actions.make_feed(cast.the_owner(workspace), name="Wall", channel=channel).token


def events(token: str) -> list[Any]:
    answer = Client().get(f"/feeds/calendar/{token}.ics")
    assert answer.status_code == HTTPStatus.OK
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_link_tells_the_plan_in_utc_without_signing_in(
    bakery: Workspace, channel: Channel
) -> None:
    cast.a_post(
        bakery, text="Phin chảy chậm; đậm, thơm", channels=(channel,), due_at=at("2026-11-17 20:00")
    )

    [event] = events(token(bakery))

    assert event["SUMMARY"] == "Phin chảy chậm; đậm, thơm"
    assert event["DTSTART"].dt == at("2026-11-17 20:00")
    assert event["DTSTART"].dt.tzinfo is UTC or event["DTSTART"].dt.utcoffset() == timedelta(0)
    assert event["STATUS"] == "TENTATIVE"
    assert "Bakery" in event["DESCRIPTION"]


def test_a_moved_post_keeps_its_name_and_gets_a_higher_number(
    bakery: Workspace, channel: Channel
) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    link = token(bakery)
    [before] = events(link)

    with clock.ahead(timedelta(minutes=5)), fence.inside(bakery.pk):
        actions.move_post(post, planned=local("2026-11-19 08:00"), by=cast.the_owner(bakery))
    [after] = events(link)

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == at("2026-11-19 08:00")


def test_a_link_of_one_channel_tells_of_that_channel_alone(
    bakery: Workspace, channel: Channel
) -> None:
    other = cast.a_channel(bakery)
    cast.a_post(bakery, text="Ours", channels=(channel,), due_at=at("2026-11-17 20:00"))
    cast.a_post(bakery, text="Theirs", channels=(other,), due_at=at("2026-11-17 20:00"))

    assert [event["SUMMARY"] for event in events(token(bakery, channel))] == ["Ours"]


def test_a_link_tells_nothing_of_another_workspace(bakery: Workspace, channel: Channel) -> None:
    stranger = cast.omar().workspace
    cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))

    assert events(token(stranger)) == []


def test_a_wrong_or_withdrawn_link_is_not_there(bakery: Workspace) -> None:
    link = token(bakery)
    with fence.inside(bakery.pk):
        actions.withdraw_feed(CalendarFeed.objects.select_related("workspace").get())

    assert Client().get(f"/feeds/calendar/{link}.ics").status_code == HTTPStatus.NOT_FOUND
    assert Client().get("/feeds/calendar/guess.ics").status_code == HTTPStatus.NOT_FOUND


def test_no_address_and_no_secret_leaves_with_the_feed(bakery: Workspace, channel: Channel) -> None:
    cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-17 20:00"))
    link = token(bakery)

    text = Client().get(f"/feeds/calendar/{link}.ics").content.decode()

    assert cast.the_owner(bakery).user.email not in text
    assert "canary" not in text
    assert link not in text
    with fence.inside(bakery.pk):
        assert link not in CalendarFeed.objects.get().token_hash


def test_a_calendar_that_did_not_change_is_not_sent_again(bakery: Workspace) -> None:
    link = f"/feeds/calendar/{token(bakery)}.ics"
    first = Client().get(link)

    again = Client().get(link, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_a_new_link_is_shown_once(bakery: Workspace) -> None:
    browser = cast.signed_in(cast.the_owner(bakery))
    page = f"/w/{bakery.slug}/calendar/links/"

    made = browser.post(f"{page}make/", {"name": "Chloe", "channel": ""})

    assert made.status_code == HTTPStatus.CREATED
    assert made["Cache-Control"] == "no-store"
    assert "/feeds/calendar/" in made.content.decode()
    assert "/feeds/calendar/" not in browser.get(page).content.decode()
    assert "Chloe" in browser.get(page).content.decode()


def test_a_link_without_a_name_is_refused(bakery: Workspace) -> None:
    browser = cast.signed_in(cast.the_owner(bakery))

    answer = browser.post(f"/w/{bakery.slug}/calendar/links/make/", {"name": " "})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
