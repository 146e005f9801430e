"""F5, in short: the database is stopped immediately five times while workers send.

It needs a server of its own, so it runs as the benchmark does, in a process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]


def test_a_stopped_database_loses_no_acknowledged_schedule_and_repeats_nothing() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "benchmarks.faults", "--only", "F5", "--seeds", "1"]
    few = ["--deliveries", "40", "--classes", "feed_read_back"]

    ended = subprocess.run(
        [*command, *few],
        cwd=ROOT,
        env={**environment, "LOA_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    assert "feed_read_back" in ended.stdout
