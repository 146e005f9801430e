"""How many small requests a second the guarded transport makes, and what each costs in CPU.

The server beside it answers from one thread at once, so the figure is the transport's own.
"""

import argparse
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from loa.connectors.contract import Answer, Flow, Request, ask
from loa.connectors.transport import Drive, Egress
from loa.kernel.json import JSON

ANSWER = (
    b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{"id": "101"}'
)


def main(argv: Sequence[str] = ()) -> None:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(prog="loa bench requests_out", description=__doc__)
    parser.add_argument("--count", type=int, default=3000, help="requests in all")
    parser.add_argument("--threads", type=int, default=24, help="threads that share the transport")
    wanted = parser.parse_args(argv)
    with _server() as origin:
        egress = Egress(allowed_origins=[origin])
        drive = Drive(egress)
        drive(_post(origin), platform="bench")
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        threads = [
            threading.Thread(target=_many, args=(drive, origin, wanted.count // wanted.threads))
            for _ in range(wanted.threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
        egress.close()
    made = wanted.count // wanted.threads * wanted.threads
    sys.stdout.write(
        f"requests {made}  threads {wanted.threads}\n"
        f"requests/s {made / wall_s:,.0f}  CPU ms each, server included {cpu_s / made * 1e3:.3f}\n"
    )


def _many(drive: Drive, origin: str, count: int) -> None:
    for _ in range(count):
        drive(_post(origin), platform="bench", before_visible=lambda: None)


def _post(origin: str) -> Flow[Answer]:
    body: dict[str, JSON] = {"status": "Sáng thứ Hai, một ly nâu đá."}
    return ask(Request("POST", f"{origin}/posts", json=body, visible=True))


@contextmanager
def _server() -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def _accept(listener: socket.socket) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return  # the benchmark is over
        threading.Thread(target=_answer, args=(client,), daemon=True).start()


def _answer(client: socket.socket) -> None:
    with client:
        while client.recv(65536):
            client.sendall(ANSWER)
