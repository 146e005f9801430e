"""Passwords are slow to check by design, and these tests check hundreds."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import override_settings


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash quickly; test_sign_in says how it is done in life."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def _fresh_throttles(db: None) -> None:  # noqa: ARG001 (the cache is a table)
    """Forget what earlier tests tried."""
    cache.clear()
