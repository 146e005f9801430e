"""`make core` finds its tests and needs nothing but functions and their arguments."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALONE = (
    *("-o", "addopts=", "--import-mode=importlib", "--strict-markers", "--noconftest"),
    *("-p", "no:django", "-p", "no:xdist", "-p", "no:randomly", "-p", "tests.plugins.core"),
)


def test_the_core_tests_are_found_without_django() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *ALONE, "--core", "--collect-only"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:]
    assert done.stdout.count("::") > 500


def test_make_core_says_the_same() -> None:
    assert " ".join(ALONE) in " ".join((ROOT / "Makefile").read_text().replace("\\", "").split())
