"""What a server says is left is heard only of what it speaks of."""

import pytest

from loa.connectors.contract import Answer, Request
from loa.platforms.bluesky.measures import told

WRITE = Request("POST", "https://pds.example/xrpc/com.atproto.repo.createRecord")
HEADERS = {
    "ratelimit-limit": "5000",
    "ratelimit-remaining": "4997",
    "ratelimit-reset": "1772456400",
    "ratelimit-policy": "5000;w=3600",
    "date": "Mon, 02 Mar 2026 12:00:00 GMT",
}


def test_a_write_tells_what_is_left_of_the_window_it_names() -> None:
    heard = told(WRITE, Answer(200, headers=HEADERS))

    assert heard
    assert (heard.name, heard.left, heard.resets_in_s, heard.allowed) == (
        "points_hour",
        4997,
        3600.0,
        5000,
    )


@pytest.mark.parametrize(
    ("request_", "policy"),
    [
        (Request("POST", "https://pds.example/xrpc/com.atproto.server.createSession"), "30;w=300"),
        (WRITE, "10;w=17"),
        (WRITE, ""),
    ],
)
def test_another_limit_is_not_taken_for_ours(request_: Request, policy: str) -> None:
    assert told(request_, Answer(200, headers=HEADERS | {"ratelimit-policy": policy})) is None
