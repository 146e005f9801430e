"""The client and the line it keeps."""

import socket
import threading
from http.client import RemoteDisconnected

import pytest

from practice_network.client import PracticeClient

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Shop:
    """A server that answers the first request of a line and hangs up at the second."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line:
                for answer in (ANSWER, b""):
                    if not line.recv(65_536):
                        break
                    self.asked += 1
                    line.sendall(answer)


def test_what_only_looks_is_asked_again_when_the_kept_line_was_given_up_just_now() -> None:
    shop = Shop()
    with shop.socket, PracticeClient(shop.base_url) as client:
        assert client.call("GET", "/admin/faults") == {}
        assert client.call("GET", "/admin/faults") == {}

    assert shop.asked == 3


def test_what_changes_something_is_not_asked_again() -> None:
    shop = Shop()
    with shop.socket, PracticeClient(shop.base_url) as client:
        client.call("GET", "/admin/faults")
        with pytest.raises(RemoteDisconnected):
            client.call("POST", "/posts", {})

    assert shop.asked == 2
