"""What every answer tells the browser to refuse."""

import re

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db
PAGES = ("/sign-in/", "/password/forgotten/", "/join/made-up/", "/nowhere/", "/me/", "/workspaces/")


def policy(answer: object) -> dict[str, list[str]]:
    header = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return {name: rest for name, *rest in (part.split() for part in header.split(";"))}


@pytest.mark.parametrize("where", PAGES)
def test_every_page_carries_a_policy_that_allows_nothing_inline(where: str) -> None:
    client = cast.signed_in(cast.a_person()) if where in {"/me/", "/workspaces/"} else Client()

    answer = client.get(where)

    said = policy(answer)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "*" not in answer.headers["Content-Security-Policy"]
    for name in ("default-src", "script-src", "style-src"):
        assert said[name][0] == "'self'"
    assert said["object-src"] == said["base-uri"] == said["frame-ancestors"] == ["'none'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_every_script_and_style_of_a_page_carries_its_own_nonce() -> None:
    first, second = Client().get("/sign-in/"), Client().get("/sign-in/")

    nonces = [
        re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        for answer in (first, second)
    ]
    page = first.content.decode()
    scripts = re.findall(r"<script\b[^>]*>", page)

    assert nonces[0] != nonces[1]
    assert all(f'nonce="{nonces[0][0]}"' in one for one in scripts if "application/json" not in one)


def test_cookies_of_the_session_are_out_of_reach_of_scripts() -> None:
    answer = cast.signed_in(cast.a_person()).get("/me/")

    cookie = answer.cookies["loa_session"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
