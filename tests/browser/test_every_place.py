"""Every place of the rail, as the owner sees it: on a desk, on a phone, by day and by night."""

from collections.abc import Callable

import pytest

from loa.web import places
from tests.cast import a_channel, a_post, a_workspace, ana
from tests.plugins.browser import Visit


@pytest.mark.parametrize("place", places.PLACES, ids=lambda place: place.name)
def test_a_place_is_for_everybody(visit: Callable[..., Visit], place: places.Place) -> None:
    bakery = a_workspace()
    a_post(bakery, channels=(a_channel(bakery),))
    address = places.address(place.url_name, bakery.slug)
    if not address:
        pytest.skip(f"{place.name} has no page yet")
    phone = visit(ana(bakery), address, phone=True)
    desk = visit(ana(bakery), address, dark=True)

    phone.assert_no_horizontal_scroll(360)
    phone.assert_accessible()
    desk.assert_accessible()
    assert desk.page.locator("main h1").count() == 1
    assert desk.page.locator(".rail-place[aria-current]").count() == 1
