"""The fault table in short: a few posts in every class for each fault it knows.

Some faults need a database server of their own, so the table runs as the benchmark does, in a
process of its own. The long version is `loa bench faults`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.faults import CLASSES, FAULTS

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_publishes_anything_twice_or_loses_it(fault: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "benchmarks.faults", "--only", fault]

    ended = subprocess.run(
        [*command, "--seeds", "1", "--deliveries", "4", "--freezes", "5", "--storm", "4"],
        cwd=ROOT,
        env={**environment, "LOA_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    rows = [line for line in ended.stdout.splitlines() if line.startswith(f"{fault} ")]
    assert [line.split()[1] for line in rows] == list(CLASSES)
