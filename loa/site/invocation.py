"""How one `loa` command starts another."""

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def app_commands() -> list[str]:
    """Return the commands that Loa's apps bring, found by their file names."""
    files = PACKAGE.glob("*/management/commands/*.py")
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def loa_command(*arguments: str) -> list[str]:
    """Return the command line of `loa ARGUMENTS` under this interpreter."""
    return [sys.executable, "-m", "loa.site.cli", *arguments]


def environment(**more: str) -> dict[str, str]:
    """Return the environment for our own processes."""
    return {
        **os.environ,
        # Threads of one process share two memory pools; eight would keep far more in reserve.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
        **more,
    }
