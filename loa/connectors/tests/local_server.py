"""A real server on this machine that says exactly the bytes a test wants."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it arrived. headers: names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


# What to write back; the server hangs up after the bytes when `hang_up` is said.
type Script = Callable[[Heard], bytes | None]


@dataclass
class LocalServer:
    """Answers each request with what `script` returns; None closes without an answer."""

    script: Script
    tls: ssl.SSLContext | None = None
    keep_alive: bool = True
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._open = list[socket.socket]()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # A thread blocked in accept() keeps listening after close(); shutdown wakes it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            stream = connection.makefile("rb")
            while line := stream.readline():
                heard = self._read(line, stream)
                self.heard.append(heard)
                answer = self.script(heard)
                if answer is not None:
                    connection.sendall(answer)
                if answer is None or not self.keep_alive:
                    break
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _read(self, line: bytes, stream: "socket.SocketIO | object") -> Heard:
        method, path, _ = line.decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while (raw := stream.readline().strip()) != b"":  # type: ignore[union-attr]
            name, _, value = raw.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        size = int(headers.get("content-length", "0"))
        return Heard(method, path, headers, stream.read(size))  # type: ignore[union-attr]


def says(
    body: bytes | str = b"{}",
    status: int = 200,
    *,
    content_type: str = "application/json",
    **headers: str,
) -> bytes:
    """Return a whole answer."""
    content = body.encode() if isinstance(body, str) else body
    lines = [
        f"HTTP/1.1 {status} Words",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(content)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
