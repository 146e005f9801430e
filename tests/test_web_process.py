"""The web process as it is served in life."""

from http.client import HTTPConnection  # noqa: TID251 (a visitor, not Loa)
from urllib.parse import urlsplit

from django.conf import settings

MEGABYTE = 1_000_000


def test_a_form_reaches_the_page_whole(site: str) -> None:
    """Every form answered 500: the server's receive() was no coroutine for the WSGI bridge."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=20)

    connection.request("POST", settings.LOGIN_URL, body=b"login=" + b"a" * MEGABYTE)
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert answer.status in {403, 404}  # read whole, then refused without a CSRF token
