"""Taking the calendar along: what is in the files, who may, and that nothing in them runs."""

import io
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loa.channels.models import Channel
from loa.ops import clock, fence, sheets
from loa.ops.sheets import Form
from loa.plan.tests.planning import NOW, at
from loa.workspace.models import AuditEntry, Workspace
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
    return cast.a_channel(bakery, name="Cà phê Bến")


@pytest.fixture
def ana(bakery: Workspace) -> Client:
    client = cast.signed_in(cast.ana(bakery))
    client.get(reverse("plan:slots", args=[bakery.slug]))  # its session knows the workspace
    return client


def export(client: Client, workspace: Workspace, kind: str, **asked: str) -> HttpResponse:
    where = reverse("plan:export", args=[workspace.slug])
    answer: HttpResponse = client.get(where, {"as": kind, "on": "2026-11-16", **asked})  # type: ignore[assignment]
    assert answer.status_code == HTTPStatus.OK
    return answer


def table(client: Client, workspace: Workspace, **asked: str) -> list[tuple[str, ...]]:
    content = export(client, workspace, "csv", **asked).getvalue()
    found = sheets.rows_of(io.BytesIO(content), form=Form("utf-8-sig", ","))
    return [cells for _number, cells in found]


def test_a_table_holds_what_is_on_the_page_and_nothing_else(
    bakery: Workspace, channel: Channel, ana: Client
) -> None:
    cast.a_post(
        bakery, text="Nóng", title="Sáng", channels=(channel,), due_at=at("2026-11-17 08:00")
    )
    cast.a_post(bakery, text="Tuần sau", channels=(channel,), due_at=at("2026-11-24 08:00"))
    elsewhere = cast.omar().workspace
    cast.a_post(
        elsewhere,
        text="Của Omar",
        channels=(cast.a_channel(elsewhere),),
        due_at=at("2026-11-17 08:00"),
    )

    header, *lines = table(ana, bakery, view="week")

    assert header[:4] == ("Channels", "Date", "Time", "Caption")
    assert lines == [
        ("Cà phê Bến", "17/11/2026", "08:00", "Nóng", "", "Sáng", "", "", "English", "Draft")
    ]


def test_filters_hold_for_the_file(bakery: Workspace, channel: Channel, ana: Client) -> None:
    other = cast.a_channel(bakery, name="Phố")
    cast.a_post(bakery, text="Bến", channels=(channel,), due_at=at("2026-11-17 08:00"))
    cast.a_post(bakery, text="Phố", channels=(other,), due_at=at("2026-11-17 09:00"))

    [_header, line] = table(ana, bakery, view="week", channel=str(other.pk))

    assert line[3] == "Phố"


@pytest.mark.parametrize("nasty", ["=1+1", "+1", "-1+1", "@x", "\t=x", "\r=x"])
def test_a_caption_never_runs_in_a_spreadsheet(
    bakery: Workspace, channel: Channel, ana: Client, nasty: str
) -> None:
    cast.a_post(bakery, text=nasty, title=nasty, channels=(channel,), due_at=at("2026-11-17 08:00"))

    csv = export(ana, bakery, "csv").getvalue().decode("utf-8-sig")
    book = io.BytesIO(export(ana, bakery, "xlsx").getvalue())

    assert f",{nasty[0]}" not in csv
    [_header, (_number, cells)] = sheets.rows_of(book, form=None)
    assert nasty.strip() in cells[3]


def test_the_calendar_file_is_the_feed_of_these_days(
    bakery: Workspace, channel: Channel, ana: Client
) -> None:
    cast.a_post(bakery, text="Nóng", channels=(channel,), due_at=at("2026-11-17 08:00"))

    file = export(ana, bakery, "ics", view="week").content

    events: list[Any] = list(icalendar.Calendar.from_ical(file).walk("VEVENT"))
    [event] = events
    assert (event["SUMMARY"], event["DTSTART"].dt) == ("Nóng", at("2026-11-17 08:00"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_month_is_a_page_of_pdf(bakery: Workspace, channel: Channel, language: str) -> None:
    reader = cast.a_member(bakery, "viewer", user=cast.a_person("Lan", language=language))
    for hour in range(8, 20):
        cast.a_post(
            bakery,
            text=f"Phở bò 🍜 Nguyễn #{hour} [link](x) $x$ \\",
            channels=(channel,),
            due_at=at(f"2026-11-17 {hour:02}:00"),
        )

    file = export(cast.signed_in(reader), bakery, "pdf").content

    assert file.startswith(b"%PDF")
    assert file.count(b"/Type /Page\n") + file.count(b"/Type /Page ") <= 1


def test_who_took_what_along_is_in_the_trail(
    bakery: Workspace, channel: Channel, ana: Client
) -> None:
    cast.a_post(bakery, text="Nóng", channels=(channel,), due_at=at("2026-11-17 08:00"))

    export(ana, bakery, "csv", view="week")

    with fence.inside(bakery.pk):
        entry = AuditEntry.objects.latest("number")
    assert entry.action == "calendar.exported"
    assert entry.detail == {"as": "csv", "first": "2026-11-16", "last": "2026-11-22", "count": 1}


def test_a_file_of_more_posts_asks_no_more(
    bakery: Workspace, channel: Channel, ana: Client
) -> None:
    counts = []
    for hours in (range(8, 10), range(10, 23)):
        for hour in hours:
            due_at = at(f"2026-11-17 {hour:02}:00")
            cast.a_post(bakery, text=f"Bài {hour}", channels=(channel,), due_at=due_at)
        with CaptureQueriesContext(connection) as asked:
            export(ana, bakery, "csv").getvalue()
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_an_unknown_kind_of_file_is_not_found(bakery: Workspace, ana: Client) -> None:
    where = reverse("plan:export", args=[bakery.slug])

    assert ana.get(where, {"as": "exe"}).status_code == HTTPStatus.NOT_FOUND
