"""A quiet Monday at a bakery with one channel."""

from collections.abc import Iterator

import pytest

from loa.channels.models import Channel
from loa.ops import clock
from loa.plan.tests.planning import NOW
from loa.workspace.models import Workspace
from tests import cast


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace()


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Cà phê Bến", handle="ben")
