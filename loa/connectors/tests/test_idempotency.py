"""Which protection against duplicates holds for a channel."""

import pytest

from loa.connectors.contract import Idempotency
from loa.connectors.idempotency import idempotency_of
from loa.connectors.registry import connector


def test_a_channel_that_says_nothing_has_the_class_of_its_platform() -> None:
    assert idempotency_of(connector("sandbox"), {}) is Idempotency.NATIVE_KEY


def test_what_a_channel_said_when_it_connected_goes_first() -> None:
    assert idempotency_of(connector("sandbox"), {"idempotency": "none"}) is Idempotency.NONE


def test_a_class_that_does_not_exist_is_an_error_and_no_guess() -> None:
    with pytest.raises(ValueError, match="surely"):
        idempotency_of(connector("sandbox"), {"idempotency": "surely"})
