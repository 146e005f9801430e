"""Start worker processes against the test's own database, and wait for what they do."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connections

from loa.ops import fence
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S

ROOT = Path(__file__).resolve().parents[2]
NEVER = 0


@contextmanager
def worker_process(
    *origins: str,
    step: str = "none",
    occurrence: int = NEVER,
    trouble: str = "kill",
    more: Mapping[str, str] | None = None,
) -> Iterator["subprocess.Popen[str]"]:
    """Run a worker until the block ends or it has killed itself (tests/faults/doomed.py).

    more: of its environment.
    """
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "loa.site.settings",
        "FAULTS_ORIGINS": " ".join(origins),
        "LOA_LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
        **(more or {}),
    }
    command = [sys.executable, "-m", "tests.faults.doomed", step, str(occurrence), trouble]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    try:
        if process.stdout is not None:
            process.stdout.readline()
        yield process
    finally:
        if process.poll() is None and process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None and not stream.closed:
                stream.close()


def database_url() -> str:
    """Return the address of the test's database, as the product's role."""
    values = connections["default"].settings_dict
    options = values.get("OPTIONS", {})
    user, password = quote(values["USER"], safe=""), quote(values["PASSWORD"], safe="")
    host = quote(str(values["HOST"] or options.get("host", "")), safe="")
    port = values["PORT"] or options.get("port", 5432)
    return f"postgresql://{user}:{password}@/{values['NAME']}?host={host}&port={port}"


def all_work() -> list[Delivery]:
    """Return every delivery as it is now."""
    with fence.everywhere("see how deliveries ended in a test"):
        return list(Delivery.all_work.select_related("channel", "variant__post").order_by("pk"))


def is_settled(delivery: Delivery) -> bool:
    """Say whether nothing more happens to it by itself."""
    return delivery.state in {S.DELIVERED, S.FAILED, S.CANCELLED} or (
        delivery.state == S.UNCERTAIN and delivery.needs_person
    )


def eventually(is_so: Callable[[], bool], *, within_s: float) -> bool:
    """Wait until something is so, and say whether it came to that in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()
