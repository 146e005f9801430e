"""Every line says what it was about, and a line of JSON is one event."""

import json
import logging
import sys

import pytest

from loa.ops import log_ids
from loa.ops.environment import WrongSetting, choice
from loa.ops.logs import JsonLines, OneLine
from loa.ops.tests.test_logs import CANARY


def record(message: str = "delivered", **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("loa.publish", logging.INFO, "", 0, message, (), None)
    vars(made).update(extra)
    log_ids.WithIds().filter(made)
    return made


def test_what_happens_in_a_block_carries_its_ids_and_no_longer() -> None:
    with log_ids.about(delivery_id=5):
        log_ids.note(workspace_id=2)
        inside = OneLine().format(record())
    outside = OneLine().format(record())

    assert inside.endswith("delivered delivery_id=5 workspace_id=2")
    assert outside.endswith("delivered")


def test_what_a_line_says_itself_goes_before_the_block() -> None:
    with log_ids.about(delivery_id=5):
        assert OneLine().format(record(delivery_id=6)).endswith("delivery_id=6")


def test_json_is_one_object_on_one_line() -> None:
    with log_ids.about(request_id="f" * 32, workspace_id=2):
        line = JsonLines().format(record('said "hi"\nand left'))

    assert "\n" not in line
    event = json.loads(line)
    assert event.pop("time").endswith("Z")
    assert event == {
        "level": "INFO",
        "logger": "loa.publish",
        "event": 'said "hi"\nand left',
        "request_id": "f" * 32,
        "workspace_id": 2,
    }


@pytest.mark.parametrize("shape", [OneLine, JsonLines])
def test_no_secret_is_written_in_event_ids_or_traceback(shape: type[logging.Formatter]) -> None:
    def ask() -> None:
        headers = {"Authorization": f"Bearer {CANARY}", "Cookie": f"loa_session={CANARY}"}
        raise ConnectionError(f"<Request('POST', headers={headers}, api_key={CANARY})>")

    def connect() -> None:
        try:
            ask()
        except ConnectionError as error:
            raise RuntimeError(f"could not reach https://u:{CANARY}@host/") from error

    made = record(f"token={CANARY}", platform_id=CANARY)
    try:
        connect()
    except RuntimeError:
        made.exc_info = sys.exc_info()

    line = shape().format(made)

    assert "RuntimeError" in line
    assert CANARY not in line


@pytest.mark.parametrize(
    "given", ["", "short", "a b c d e f g", "x" * 65, "a\r\nX-Evil: 1", "é" * 9]
)
def test_a_request_id_that_is_not_fit_is_replaced(given: str) -> None:
    assert log_ids.request_id(given) != given


def test_a_fit_request_id_is_taken_over() -> None:
    assert log_ids.request_id("9f86d081884c7d65") == "9f86d081884c7d65"


def test_a_log_format_nobody_knows_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_LOG_FORMAT", "xml")

    with pytest.raises(WrongSetting, match="LOA_LOG_FORMAT='xml' is none of text, json"):
        choice("LOA_LOG_FORMAT", ("text", "json"))
