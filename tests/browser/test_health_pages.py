"""Health and alerts before everybody: both languages, desk and phone, day and night."""

from collections.abc import Callable

import pytest

from loa.channels.models import Channel
from loa.ops import clock, fence
from tests import cast
from tests.plugins.browser import Visit
from tests.watch import scene

type Visiting = Callable[..., Visit]


def an_interface_that_ends(channel: Channel) -> None:
    now = clock.now()
    said = {"version": "v1", "ends_at": f"{now:%Y}-12-31T00:00:00Z", "heard_at": now.isoformat()}
    with fence.inside(channel.workspace_id):
        Channel.objects.filter(pk=channel.pk).update(api_end=said)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("phone", [True, False])
def test_health_and_alerts_are_for_everybody(
    visit: Visiting, language: str, *, phone: bool
) -> None:
    owner = cast.a_person("Ngân", language=language)
    workspace = cast.a_workspace("Cà phê Bến", owner=owner, language=language)
    scene.failed_deliveries(cast.a_channel(workspace), 3)
    cast.a_channel(workspace, state=Channel.State.LOST)
    an_interface_that_ends(cast.a_channel(workspace, platform="mastodon"))
    scene.a_webhook(workspace, "https://hooks.example")
    scene.look()
    for place in ("health/", "alerts/", "alerts/add/webhook/"):
        seen = visit(owner, f"/w/{workspace.slug}/{place}", phone=phone, dark=phone)
        seen.assert_accessible()
        seen.assert_no_horizontal_scroll()


def test_a_destination_is_added_by_keyboard(visit: Visiting) -> None:
    workspace = cast.a_workspace(owner=cast.a_person(language="en"))
    seen = visit(cast.ana(workspace), f"/w/{workspace.slug}/alerts/")
    seen.page.get_by_role("button", name="Add a destination").press("Enter")
    seen.page.get_by_role("link", name="E-mail").press("Enter")
    seen.page.get_by_label("Name").fill("Ana")
    seen.page.get_by_label("E-mail address").fill("ana@riverside.example")
    seen.page.get_by_label("E-mail address").press("Enter")

    seen.page.get_by_text("Ana is added.").wait_for()

    assert seen.page.locator("#destinations .row-title").inner_text().startswith("Ana")
