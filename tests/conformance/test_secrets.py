"""No value that a log may hold shows a grant."""

import pytest

from loa.connectors.contract import Connector
from tests.conformance.scenes import (
    channel,
    connected,
    connectors,
    first,
    play,
    registration,
    scenes_of,
    secrets_of,
)

every_platform = pytest.mark.parametrize("connector", connectors(), ids=lambda one: one.name)


@every_platform
def test_there_is_a_secret_to_keep(connector: Connector) -> None:
    assert secrets_of(connector.name)


@every_platform
def test_no_repr_shows_a_secret(connector: Connector) -> None:
    shown = [repr(connected(connector.name)), repr(channel(connector.name))]
    if first(connector.name, "register"):
        shown.append(repr(registration(connector.name)))
    for scene in scenes_of(connector.name):
        played = play(scene)
        shown += [repr(played.value), repr(played.requests), repr(played.got)]

    for secret in secrets_of(connector.name):
        assert not [one for one in shown if secret in one]


@every_platform
def test_no_address_carries_a_secret(connector: Connector) -> None:
    """Addresses end up in the logs of every server between."""
    for scene in scenes_of(connector.name):
        for request in play(scene).requests:
            address = f"{request.url}?{request.params}"
            assert not [one for one in secrets_of(connector.name) if one in address]
