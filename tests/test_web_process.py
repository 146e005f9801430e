"""The web process as it is served in life."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

MEGABYTE = 1_000_000


def test_a_form_reaches_the_page_whole(site: str) -> None:
    """Every form answered 500: the server's receive() was no coroutine for the WSGI bridge."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=20)

    connection.request("POST", "/sign-in/", body=b"login=" + b"a" * MEGABYTE)
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert answer.status == 403  # no CSRF token: the form was read, and refused
