"""Worker processes of the product for a benchmark, on the database of `_ground`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def workers(
    count: int, *, origin: str, senders: int, prefixes: Sequence[Sequence[str]] = ()
) -> "Iterator[list[subprocess.Popen[str]]]":
    """Run `count` workers with `senders` threads each until the block ends.

    prefixes: what the commands of each begin with, when they run on hosts of their own.
    """
    command = [sys.executable, "-m", "benchmarks._workers", origin, str(senders)]
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - our own file
                    [*prefix, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for prefix in prefixes or [()] * count
        ]
        try:
            for one in running:
                if one.stdout is not None:
                    one.stdout.readline()
            yield running
        finally:
            for one in running:
                if one.stdin is not None:
                    one.stdin.close()
            for one in running:
                one.wait(30)


@contextmanager
def loa_work(origin: str) -> Iterator[None]:
    """Run `loa work` as in life until the block ends."""
    command = [sys.executable, "-m", "loa.site.cli", "work"]
    environment = {**os.environ, "LOA_EGRESS_ALLOW": origin, "LOA_LOG_LEVEL": "ERROR"}
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def memory_bytes(process: "subprocess.Popen[str]") -> int:
    """Return what a process holds in memory (resident)."""
    pages = Path(f"/proc/{process.pid}/statm").read_text().split()[1]
    return int(pages) * PAGE_BYTES


def main(origin: str, senders: int) -> None:
    """Work until the input closes."""
    import django  # noqa: PLC0415

    django.setup()
    from loa.connectors import transport  # noqa: PLC0415
    from loa.ops import processes  # noqa: PLC0415
    from loa.publish.dispatcher import Pace, Worker  # noqa: PLC0415

    transport.configure(allowed_origins=[origin])
    processes.settle()
    worker = Worker(Pace(senders=senders))
    worker.start()
    sys.stdout.write("working\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
