"""What is logged is whole, on one line, and free of secrets."""

import logging
import sys

import pytest

from loa.ops.logs import OneLine, redact

CANARY = "Zq8Kx2Vt0aN5mB7cR4dW9eS1"


def line(message: str, **extra: object) -> str:
    record = logging.LogRecord("loa.publish", logging.INFO, "", 0, message, (), None)
    vars(record).update(extra)
    return OneLine().format(record)


def test_an_event_has_time_level_place_and_ids() -> None:
    words = line("delivered", delivery_id=5, workspace_id=2).split()

    assert words[0].endswith("Z")
    assert words[1:] == ["INFO", "loa.publish", "delivered", "delivery_id=5", "workspace_id=2"]


def test_a_forged_line_break_stays_on_its_line() -> None:
    assert "\n" not in line("name: x\n2026-11-22T00:00:00.000Z ERROR forged")


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization=Basic {CANARY}",
        f"'Authorization': 'DPoP {CANARY}'",
        f"Cookie: loa_session={CANARY}; loa_csrf={CANARY}",
        f'{{"access_token": "{CANARY}", "refresh_token": "{CANARY}"}}',
        f"client_secret={CANARY}&grant_type=refresh_token",
        f"GET https://bots.example/bot?api_key={CANARY}",
        f"postgresql://loa_app:{CANARY}@db/loa",
        f"Not Found: /join/{CANARY}/",
        f"{{'accessJwt': 'eyJhbGciOiJIUzI1NiJ9.{CANARY}.{CANARY}'}}",
        f"password is {CANARY}",
        f"app_password='{CANARY}'",
        "password=short",
        'the "password": "cà phê sữa đá" was wrong',
        f"X-Hub-Signature: sha256={'0123456789abcdef' * 4}",
    ],
)
def test_no_secret_is_written(text: str) -> None:
    shown = redact(text)

    assert CANARY not in shown
    assert "short" not in shown
    assert "cà phê" not in shown
    assert "0123456789abcdef" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "delivery 5 of workspace 2 is uncertain: read timeout",
        "at://did:plc:z72i7hdynmk6r22z27h6tvur/app.bsky.feed.post/3l6oveex3ii2l",
        "loa.publish.tests.test_a_delivery_that_was_sent_twice_in_2026",
        "9b2f8f0e-6d0a-4c6e-9a57-0d8f1e2c3b4a",
        "GET /w/ca-phe-rang/calendar/?month=2026-11 200",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert redact(text) == text


def test_a_traceback_is_marked_and_redacted() -> None:
    def fail() -> None:
        raise RuntimeError(f"token={CANARY}")

    try:
        fail()
    except RuntimeError:
        record = logging.LogRecord("loa", logging.ERROR, "", 0, "failed", (), sys.exc_info())

    first, *trace = OneLine().format(record).splitlines()

    assert first.endswith("failed")
    assert trace
    assert all(part.startswith("  | ") for part in trace)
    assert CANARY not in "".join(trace)
