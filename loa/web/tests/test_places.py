"""The rail shows the places that exist and that a member may use."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, include, path

from loa.web import places
from loa.web.context import Shell


def page(_request: HttpRequest, workspace_slug: str) -> HttpResponse:
    return HttpResponse(workspace_slug)


def app(namespace: str, *names: str) -> tuple[list[URLPattern], str]:
    return [path(f"{namespace}/{name}/", page, name=name) for name in names], namespace


urlpatterns = [
    path("w/<slug:workspace_slug>/", include(app("plan", "calendar", "queue"))),
    path("w/<slug:workspace_slug>/", include(app("create", "compose"))),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    kept = dict(places._COUNTS)
    places._COUNTS.clear()
    yield
    places._COUNTS.clear()
    places._COUNTS.update(kept)


def asked(at: str, *abilities: str) -> HttpRequest:
    request = RequestFactory().get(at)
    request.workspace = SimpleNamespace(slug="bakery")  # type: ignore[attr-defined]
    request.member = SimpleNamespace(may=lambda ability: ability in abilities)  # type: ignore[attr-defined]
    return request


def test_a_place_without_a_page_is_not_shown() -> None:
    shown = places.shown_to(asked("/", "can_view", "can_compose"))

    assert [one.place.name for one in shown] == ["calendar", "compose", "queue"]


def test_a_place_one_may_not_use_is_not_shown() -> None:
    shown = places.shown_to(asked("/", "can_view"))

    assert [one.place.name for one in shown] == ["calendar", "queue"]


def test_one_is_in_the_place_whose_address_begins_the_path() -> None:
    shown = places.shown_to(asked("/w/bakery/plan/queue/7/", "can_view"))

    assert [one.place.name for one in shown if one.is_here] == ["queue"]


def test_a_place_tells_its_count_and_no_zero() -> None:
    places.counts("calendar")(lambda _request: 3)
    places.counts("queue")(lambda _request: 0)

    shown = places.shown_to(asked("/", "can_view"))

    assert [one.count for one in shown] == [3, None]


def test_letters_after_g_are_each_used_once() -> None:
    letters = [place.key for place in places.PLACES]

    assert len(letters) == len(set(letters))


def test_the_phone_has_four_places_and_the_rest_behind_more() -> None:
    shell = Shell(asked("/", "can_view", "can_compose"))

    assert [one.place.name for one in shell.bar] == ["calendar", "compose"]
    assert [one.place.name for one in shell.beyond_bar] == ["queue"]
    assert shell.compose_url == "/w/bakery/create/compose/"


def test_outside_a_workspace_there_are_no_places() -> None:
    shell = Shell(RequestFactory().get("/"))

    assert shell.places == ()
    assert shell.live_url == ""
