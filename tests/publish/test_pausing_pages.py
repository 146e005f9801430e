"""The switches that stop sending, where a person finds them."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.test import Client

from loa.channels.models import Channel
from loa.ops import fence
from loa.workspace.models import Workspace
from tests.cast import a_channel, a_member, a_workspace, ana, read_again, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    workspace = a_workspace()
    with fence.inside(workspace.pk):
        yield workspace


@pytest.fixture
def browser(bakery: Workspace) -> Client:
    return signed_in(ana(bakery))


def log(browser: Client, bakery: Workspace) -> str:
    return browser.get(f"/w/{bakery.slug}/deliveries/").content.decode()


def test_all_sending_is_paused_with_a_banner_and_a_way_back(
    browser: Client, bakery: Workspace
) -> None:
    assert "Pause all sending" in log(browser, bakery)
    browser.post(f"/w/{bakery.slug}/deliveries/pause/")

    assert read_again(bakery).sending_paused_at is not None
    page = log(browser, bakery)
    assert "All sending is paused" in page
    assert "Ana Lê" in page
    assert f'action="/w/{bakery.slug}/deliveries/resume/"' in page

    browser.post(f"/w/{bakery.slug}/deliveries/resume/")
    assert read_again(bakery).sending_paused_at is None
    assert "All sending is paused" not in log(browser, bakery)


@pytest.mark.parametrize(
    ("back", "goes_to"),
    [
        ("/w/x/today/", "/w/x/today/"),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_switch_returns_to_a_page_of_this_site_alone(
    browser: Client, bakery: Workspace, back: str, goes_to: str | None
) -> None:
    answer = browser.post(f"/w/{bakery.slug}/deliveries/pause/", {"back": back})

    assert answer.headers["Location"] == (goes_to or f"/w/{bakery.slug}/deliveries/")


def test_one_channel_is_paused_and_resumed_on_its_own_page(
    browser: Client, bakery: Workspace
) -> None:
    channel = a_channel(bakery)
    url = f"/w/{bakery.slug}/channels/{channel.pk}/"
    assert f'action="{url}pause/"' in browser.get(url).content.decode()

    assert browser.post(f"{url}pause/").headers["Location"] == url
    assert Channel.objects.get(pk=channel.pk).paused_at is not None
    assert f'action="{url}resume/"' in browser.get(url).content.decode()

    browser.post(f"{url}resume/")
    assert Channel.objects.get(pk=channel.pk).paused_at is None


@pytest.mark.parametrize("place", ["calendar", "queue", "deliveries"])
def test_where_posts_are_planned_it_is_said_that_nothing_goes_out(
    browser: Client, bakery: Workspace, place: str
) -> None:
    browser.post(f"/w/{bakery.slug}/deliveries/pause/")

    assert "All sending is paused" in browser.get(f"/w/{bakery.slug}/{place}/").content.decode()


def test_an_editor_sees_that_all_is_paused_but_has_no_switch(
    browser: Client, bakery: Workspace
) -> None:
    channel = a_channel(bakery)
    ben = signed_in(a_member(bakery))
    browser.post(f"/w/{bakery.slug}/deliveries/pause/")

    page = log(ben, bakery)

    assert "All sending is paused" in page
    assert "/deliveries/resume/" not in page
    for path in ("deliveries/pause", "deliveries/resume", f"channels/{channel.pk}/pause"):
        assert ben.post(f"/w/{bakery.slug}/{path}/").status_code == HTTPStatus.FORBIDDEN
