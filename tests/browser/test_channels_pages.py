"""Channels as a person sees them: the list, one channel, connecting, in both languages."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from loa.channels.models import Channel
from loa.connectors import transport
from loa.ops import fence
from practice_network.testing import Running
from tests.cast import a_channel, a_person, a_workspace, the_owner
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("phone", [True, False])
def test_a_practice_account_is_connected_from_an_empty_list(
    visit: Visiting, practice: Running, settings: Settings, language: str, *, phone: bool
) -> None:
    settings.PRACTICE_URL = practice.base_url
    transport.configure(allowed_origins=[practice.base_url])
    workspace = a_workspace("Cà phê Bến", owner=a_person("Ngân", language=language))
    seen = visit(the_owner(workspace), f"/w/{workspace.slug}/channels/", phone=phone)
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()

    seen.page.locator("a[href$='/connect/sandbox/']").click()
    seen.assert_accessible()
    seen.page.locator("#practice button").click()
    seen.page.wait_for_url("**/channels/*/")

    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
    with fence.inside(workspace.pk):
        assert Channel.objects.in_workspace(workspace).get().handle == "ca_phe_ben"


@pytest.mark.parametrize("state", ["lost", "disconnected"])
def test_a_channel_that_cannot_publish_says_what_to_do(visit: Visiting, state: str) -> None:
    workspace = a_workspace()
    channel = a_channel(workspace, state=state)

    seen = visit(the_owner(workspace), f"/w/{workspace.slug}/channels/{channel.pk}/")

    assert seen.page.locator(".notice a[href*='/connect/']").is_visible()
    seen.assert_accessible()
