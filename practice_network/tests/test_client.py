"""The client and the line it keeps."""

import socket
import struct
import threading

import pytest

from practice_network.client import PracticeClient

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


# A line closed so is reset: what the other side still reads from it is an error, and no end.
AT_ONCE = struct.pack("ii", 1, 0)


class Shop:
    """A server that answers the first request of a line and hangs up at the second.

    abruptly: it resets the line, as one does that had not read all of a request.
    """

    def __init__(self, *, abruptly: bool) -> None:
        self.abruptly = abruptly
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
                if self.abruptly:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)


@pytest.mark.parametrize("abruptly", [False, True])
def test_what_only_looks_is_asked_again_when_the_kept_line_was_given_up_just_now(
    *, abruptly: bool
) -> None:
    shop = Shop(abruptly=abruptly)
    with shop.socket, PracticeClient(shop.base_url) as client:
        assert client.call("GET", "/admin/faults") == {}
        assert client.call("GET", "/admin/faults") == {}

    assert shop.asked == 3


@pytest.mark.parametrize("abruptly", [False, True])
def test_what_changes_something_is_not_asked_again(*, abruptly: bool) -> None:
    shop = Shop(abruptly=abruptly)
    with shop.socket, PracticeClient(shop.base_url) as client:
        client.call("GET", "/admin/faults")
        with pytest.raises(ConnectionError):
            client.call("POST", "/posts", {})

    assert shop.asked == 2
