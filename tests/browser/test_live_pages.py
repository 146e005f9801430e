"""A page changes under the reader's eyes, and looks again by itself after a gap."""

from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import expect

from loa.channels.models import Channel
from loa.ops import fence, live
from tests.cast import a_channel, a_workspace, ana
from tests.plugins.browser import Visit


def lose(channel: Channel) -> None:
    with fence.inside(channel.workspace_id), transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(state=Channel.State.LOST)
        live.announce(workspace_id=channel.workspace_id, topic="channel", subject_id=channel.pk)


@pytest.fixture
def lost_word() -> str:
    return "Connection lost"


def test_a_change_appears_without_a_reload(visit: Callable[..., Visit], lost_word: str) -> None:
    bakery = a_workspace()
    channel = a_channel(bakery)
    there = visit(ana(bakery))
    with there.page.expect_response("**/live/**"):
        there.go(f"/w/{bakery.slug}/channels/")

    lose(channel)

    expect(there.page.locator("#channel-list")).to_contain_text(lost_word, timeout=5_000)


def test_a_page_that_was_hidden_looks_again_when_it_is_seen(
    visit: Callable[..., Visit], lost_word: str
) -> None:
    bakery = a_workspace()
    channel = a_channel(bakery)
    there = visit(ana(bakery), f"/w/{bakery.slug}/channels/")
    page = there.page

    page.evaluate("document.querySelector('live-updates').close()")
    lose(channel)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("#channel-list")).to_contain_text(lost_word, timeout=5_000)


def test_an_ended_session_takes_nothing_away_from_who_is_writing(
    visit: Callable[..., Visit],
) -> None:
    bakery = a_workspace()
    a_channel(bakery)
    there = visit(ana(bakery), f"/w/{bakery.slug}/channels/")
    before = there.page.url

    there.page.context.clear_cookies()
    there.page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('live'))")

    expect(there.page.locator("#toasts")).to_contain_text("You were signed out")
    assert there.page.url == before
    there.forgive("404")
