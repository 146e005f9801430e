"""Following tracked links, through everything that a request passes."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from loa.content.actions.links import NewRule, set_link_rule
from loa.content.models import Link
from loa.measure.actions import clicks
from loa.measure.models import LinkDay
from loa.measure.queries import leads
from loa.measure.rules.clicks import Count
from loa.ops import clock, fence
from loa.workspace.models import Workspace
from tests.cast import A_MONDAY, a_workspace, ana, signed_in
from tests.races import at_once

pytestmark = pytest.mark.django_db

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TARGET = "https://tiem.example/menu?utm_source=mastodon#trua"
HOST = "go.tiem.example"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    leads.forget_all()
    clicks._book.take()
    yield
    leads.forget_all()
    clicks._book.take()
    cache.clear()


@pytest.fixture
def bakery() -> Workspace:
    return a_workspace()


def a_link(workspace: Workspace, code: str = "abcd2345", target: str = TARGET) -> Link:
    with fence.inside(workspace.pk):
        return Link.objects.create(
            workspace=workspace, code=code, target=target, made_at=clock.now()
        )


def with_host(workspace: Workspace, host: str = HOST) -> None:
    with fence.inside(workspace.pk):
        set_link_rule(ana(workspace), wanted=NewRule(tracks=True, domain=host))


def days(workspace: Workspace) -> list[tuple[int, int, int]]:
    clicks.write_clicks()
    with fence.inside(workspace.pk):
        return list(
            LinkDay.objects.order_by("link_id", "clicked_on").values_list(
                "clicks", "visitors", "robots"
            )
        )


def follow(
    path: str = "/l/abcd2345", *, host: str = "testserver", agent: str = PERSON, **more: str
) -> Any:
    return Client(headers={"host": host, "user-agent": agent, **more}).get(path)


def test_a_link_leads_on_and_leaves_nothing_with_the_visitor(bakery: Workspace) -> None:
    a_link(bakery)

    answer = follow()

    assert (answer.status_code, answer["Location"]) == (302, TARGET)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert not answer.cookies
    assert days(bakery) == [(1, 1, 0)]


def test_the_same_browser_is_one_visitor_and_robots_stand_apart(bakery: Workspace) -> None:
    a_link(bakery)

    for _ in range(3):
        follow()
    follow("/l/ABCD2345/", agent=PERSON + " Chrome")
    follow(agent="facebookexternalhit/1.1")
    follow(**{"sec-purpose": "prefetch"})
    Client(headers={"user-agent": PERSON}).head("/l/abcd2345")

    assert days(bakery) == [(4, 2, 2)]


def test_nothing_is_written_while_somebody_waits(bakery: Workspace) -> None:
    a_link(bakery)
    follow()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(20):
            follow()

    assert len(asked) == 0
    assert days(bakery) == [(21, 1, 0)]


def test_a_storm_makes_one_row(bakery: Workspace) -> None:
    a_link(bakery)

    for number in range(30):
        follow(agent=f"{PERSON} {number}")
        follow(f"/l/zzzz{number:04}".replace("0", "2").replace("1", "3"))
        if number % 10 == 0:
            clicks.write_clicks()

    assert days(bakery) == [(30, 30, 0)]


def test_a_click_belongs_to_the_day_of_the_workspace(bakery: Workspace) -> None:
    a_link(bakery)

    with clock.at(A_MONDAY.replace(hour=17, minute=30)):  # half past midnight in Vietnam
        follow()
    clicks.write_clicks()

    with fence.inside(bakery.pk):
        assert str(LinkDay.objects.get().clicked_on) == "2026-03-03"


@pytest.mark.parametrize(
    "path",
    ["/l/", "/l/zzzzzzzz", "/l/..%2f..%2fetc", "/l/https://evil.example/", "/l/" + "a" * 8000,
     "/l/abcd2345/more", "/l/%00%00%00%00%00%00", "/l/\u202eabcd2345", "/l//evil.example"],
)  # fmt: skip
def test_what_is_no_link_is_a_friendly_page_that_leads_nowhere(
    bakery: Workspace, path: str
) -> None:
    a_link(bakery)

    answer = follow(path, **{"accept-language": "vi"})

    assert answer.status_code == 404
    assert "Location" not in answer
    assert "Liên kết này không dẫn tới đâu" in answer.content.decode()
    assert not answer.cookies


def test_a_link_is_asked_for_and_never_told(bakery: Workspace) -> None:
    a_link(bakery)
    client = Client(headers={"user-agent": PERSON})

    assert client.post("/l/abcd2345").status_code == 405
    assert client.delete("/l/abcd2345").status_code == 405
    assert days(bakery) == []


def test_on_a_host_of_links_nothing_else_is_served(bakery: Workspace) -> None:
    a_link(bakery)
    with_host(bakery)
    member = signed_in(ana(bakery))

    assert follow("/abcd2345", host=HOST)["Location"] == TARGET
    assert follow("/abcd2345", host=f"{HOST.upper()}:8443")["Location"] == TARGET
    for path in ("/", "/sign-in/", f"/w/{bakery.slug}/", "/static/x.css", "/l/abcd2345"):
        answer = member.get(path, headers={"host": HOST})
        assert answer.status_code == 404
        assert "csrf" not in answer.content.decode()


def test_a_workspaces_host_serves_its_own_links_alone(bakery: Workspace) -> None:
    a_link(a_workspace("Elsewhere"), code="efgh2345")
    with_host(bakery)

    assert follow("/efgh2345", host=HOST).status_code == 404


def test_the_installations_host_serves_everybodys(bakery: Workspace, settings: Settings) -> None:
    settings.LINK_DOMAIN = "go.loa.example"
    a_link(bakery)
    a_link(a_workspace("Elsewhere"), code="efgh2345")

    assert follow("/abcd2345", host="go.loa.example").status_code == 302
    assert follow("/efgh2345", host="go.loa.example:8443").status_code == 302


def test_a_host_that_nobody_knows_is_refused(bakery: Workspace) -> None:
    a_link(bakery)

    assert follow("/l/abcd2345", host="evil.example").status_code == 400


def test_pages_of_our_own_host_ask_nothing_about_links() -> None:
    with CaptureQueriesContext(connection) as asked:
        follow("/sign-in/")

    assert not any("content_link" in one["sql"] for one in asked)


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_write_at_once_lose_nothing() -> None:
    bakery = a_workspace()
    links = [a_link(bakery, code=f"abcd{n}345") for n in range(2, 8)]
    today = clock.now().date()
    gate = threading.Barrier(4)

    def write(order: int) -> None:
        counts = [Count(bakery.pk, link.pk, today, clicks=1, visitors=1) for link in links[::order]]
        gate.wait()
        for _ in range(5):
            clicks._add(counts)

    outcomes = at_once(*(lambda order=order: write(order) for order in (1, -1, 1, -1)))

    assert outcomes == [None] * 4
    assert days(bakery) == [(20, 20, 0)] * 6
