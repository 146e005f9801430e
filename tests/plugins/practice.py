"""A practice network for tests: one process per test process, empty for every test."""

from collections.abc import Iterator

import pytest

from practice_network.testing import Running, running_network


@pytest.fixture(scope="session")
def practice_process() -> Iterator[Running]:
    """Run a network for the whole session; tests ask for `practice`."""
    with running_network() as running:
        yield running


@pytest.fixture
def practice(practice_process: Running) -> Running:
    """Give an empty network in real time, without faults: .base_url, .client."""
    practice_process.client.reset(seed=1)
    return practice_process
