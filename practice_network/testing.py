"""A throw-away practice network for tests: its own process, in memory, on a free port."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from practice_network.client import PracticeClient

_STOP_WITHIN_S = 5


@dataclass(frozen=True, slots=True)
class Running:
    """A network that answers at `base_url`. process: for tests that stop or freeze it."""

    base_url: str
    client: PracticeClient
    process: "subprocess.Popen[str]"


@contextmanager
def running_network(
    *, seed: int = 1, data: Path | None = None, port: int = 0, admin_code: str = ""
) -> Iterator[Running]:
    """Run a network for the length of the block.

    data: a folder to keep it in; None keeps it in memory.
    """
    where = ["--memory"] if data is None else ["--data", str(data)]
    command = [sys.executable, "-m", "practice_network", "--port", str(port), "--seed", str(seed)]
    environment = {**os.environ, "PRACTICE_ADMIN_CODE": admin_code}
    process = subprocess.Popen(  # noqa: S603 -- our own module, under our own interpreter
        [*command, *where], stdout=subprocess.PIPE, text=True, env=environment
    )
    with process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise RuntimeError("the practice network did not start; see its stderr above")
            client = PracticeClient(address)
            yield Running(address, client, process)
            client.close()
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
