"""What the tests of alerts share."""

from collections.abc import Iterator

import pytest

from loa.connectors import transport
from loa.workspace.models import Workspace
from tests import cast
from tests.watch.receiver import Receiver, receiving


@pytest.fixture
def bakery(db: None) -> Workspace:  # noqa: ARG001 (rows need a database)
    return cast.a_workspace(language="en")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        transport.configure(allowed_origins=[running.url])
        yield running
    transport.configure()
