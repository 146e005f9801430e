"""The web process as it is served in life."""

from http.client import HTTPConnection  # noqa: TID251 (a visitor, not Loa)
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

MEGABYTE = 1_000_000


def test_a_form_reaches_the_page_whole(site: str) -> None:
    """Every form answered 500: the server's receive() was no coroutine for the WSGI bridge."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=20)

    connection.request("POST", settings.LOGIN_URL, body=b"login=" + b"a" * MEGABYTE)
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert answer.status in {403, 404}  # read whole, then refused without a CSRF token


@pytest.mark.parametrize("probe", ["/health", "/healthz", "/readyz"])
def test_a_probe_is_answered_without_a_word_too_many(site: str, probe: str) -> None:
    assert asked(site, probe) == (200, b"ok\n")


def test_a_process_whose_schema_is_older_lives_and_is_not_ready(site: str) -> None:
    migration = MigrationRecorder.Migration.objects.get(app="watch", name="0001_initial")
    MigrationRecorder.Migration.objects.filter(pk=migration.pk).update(name="gone")
    try:
        assert asked(site, "/readyz") == (503, b"1 migrations wait\n")
        assert asked(site, "/healthz") == (200, b"ok\n")
    finally:
        MigrationRecorder.Migration.objects.filter(pk=migration.pk).update(name="0001_initial")


def asked(site: str, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(site).netloc, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer.status, said
