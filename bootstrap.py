#!/usr/bin/env python3
"""Get what Loa needs, and only what has changed since the last time.

    python3 bootstrap.py run     everything that `make run` needs
    python3 bootstrap.py test    that, and a browser for the tests
    python3 bootstrap.py assets  the front end alone; likewise environment, messages
    python3 bootstrap.py lock    write requirements.lock anew from pyproject.toml

Needs Python 3.9 or later and nothing else: it gets uv, a Python for Loa, the environment
(.venv, hash-checked from requirements.lock), Node (a wheel in .venv), the front end's packages
(hash-checked from package-lock.json) and builds styles and scripts. What it makes lies in
.tools, .venv, frontend/node_modules and frontend/dist; deleting those starts afresh.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
FRONT = ROOT / "frontend"
PYTHON_WANTED = (3, 12), (3, 14)  # at least, at most
PYTHON_PREFERRED = "3.13"
LEAST_FREE_BYTES = 300_000_000


class CannotGoOn(Exception):
    """A step failed for a reason a person can do something about."""


def main() -> int:
    """Run the steps of one goal; return the exit code."""
    goal = sys.argv[1] if len(sys.argv) > 1 else "run"
    goals = {
        "run": (environment, bytecode, assets, messages),
        "test": (environment, bytecode, assets, messages, browser),
        "environment": (environment,),
        "assets": (environment, assets),
        "messages": (environment, messages),
        "lock": (lock,),
    }
    if goal not in goals:
        sys.stderr.write(f"{__doc__}\nThere is no goal {goal!r}.\n")
        return 2
    try:
        TOOLS.mkdir(exist_ok=True)
        with one_at_a_time():
            for step in goals[goal]:
                step()
    except CannotGoOn as problem:
        say(str(problem))
        return 1
    except OSError as problem:
        if problem.errno not in {errno.ENOSPC, errno.EACCES, errno.EROFS}:
            raise
        say(f"{ROOT} cannot be written to: {problem.strerror}. Mend that and start again.")
        return 1
    return 0


def environment() -> None:
    """Make .venv what requirements.lock says, with Loa itself in it."""
    python = a_python_for_loa()
    with when_changed(
        "environment",
        "Getting Python packages (the first time this downloads about 250 MB)",
        [ROOT / "requirements.lock", ROOT / "pyproject.toml"],
        made=VENV / "bin" / "loa",
        also=str(python),
    ) as changed:
        if not changed:
            return
        uv = get_uv()
        if not fits(VENV / "bin" / "python"):
            run([uv, "venv", "--quiet", "--clear", "--python", python, VENV])
        into = ["--quiet", "--python", VENV / "bin" / "python"]
        sync = [uv, "pip", "sync", *into, "--compile-bytecode", "--require-hashes"]
        run([*sync, ROOT / "requirements.lock"])
        run([uv, "pip", "install", *into, "--no-deps", "--no-build-isolation", "-e", ROOT])


def bytecode() -> None:
    """Compile Loa's own modules.

    Python does so by itself, except where PYTHONDONTWRITEBYTECODE is set, as in many containers,
    or where a service may not write beside the program; a start then costs three times as much.
    """
    packages = [ROOT / "loa", ROOT / "practice_network"]
    sources = [path for package in packages for path in sorted(package.rglob("*.py"))]
    with when_changed(
        "bytecode", "Compiling Loa", sources, made=ROOT / "loa" / "__pycache__"
    ) as changed:
        if changed:
            run([VENV / "bin" / "python", "-m", "compileall", "-q", "-j", "0", *packages])


def assets() -> None:
    """Get the front end's packages and build styles and scripts."""
    lock = [FRONT / "package-lock.json", FRONT / "package.json", FRONT / ".npmrc"]
    with when_changed(
        "packages", "Getting front-end packages", lock, made=FRONT / "node_modules"
    ) as changed:
        if changed:
            run([VENV / "bin" / "npm", "ci", "--no-fund", "--no-audit"], cwd=FRONT)
    sources = [
        path
        for path in sorted(FRONT.rglob("*"))
        if path.is_file() and not {"node_modules", "dist", "tests"} & set(path.parts)
    ]
    with when_changed(
        "assets",
        "Building styles and scripts",
        [*sources, ROOT / "loa" / "web" / "icons.json"],
        made=FRONT / "dist" / "manifest.json",
    ) as changed:
        if changed:
            run([VENV / "bin" / "npm", "run", "--silent", "build"], cwd=FRONT)
            run([VENV / "bin" / "python", "-m", "whitenoise.compress", "--quiet", FRONT / "dist"])


def messages() -> None:
    """Compile the translations."""
    files = sorted((ROOT / "locale").glob("*/*.po"))
    made = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.mo"
    with when_changed("messages", "Compiling translations", files, made=made) as changed:
        if changed:
            command = "from loa.ops import translations; translations.compile_stale()"
            run([VENV / "bin" / "python", "-c", command])


def browser() -> None:
    """Have a browser for the tests, from the system's packages."""
    if shutil.which("chromium") or not sys.platform.startswith("linux"):
        return
    if not may_install():
        raise CannotGoOn(
            "The tests need the program chromium. Install it with your system's packages, for "
            "example: sudo apt-get install chromium"
        )
    say("Getting a browser for the tests (chromium)")
    apt_get("chromium")


def lock() -> None:
    """Resolve what pyproject.toml asks for into exact versions with hashes."""
    groups = ["--group", "front", "--group", "build", "--group", "dev"]
    how = ["--universal", "--python-version", "3.12", "--generate-hashes"]
    how += ["--no-emit-index-url", "--no-header", "--quiet"]
    run([get_uv(), "pip", "compile", "pyproject.toml", *groups, *how, "-o", "requirements.lock"])


def a_python_for_loa() -> Path:
    """Return a Python that Loa runs on: the environment's, the system's, pyenv's, else uv's."""
    kept = VENV / "bin" / "python"
    if fits(kept):
        return Path(os.path.realpath(kept))
    named = [f"python{PYTHON_PREFERRED}", "python3.12", "python3.14", "python3"]
    found = [Path(path) for path in map(shutil.which, named) if path]
    found += sorted((Path.home() / ".pyenv" / "versions").glob("3.*/bin/python3"), reverse=True)
    for python in found:
        if fits(python):
            return python
    say(f"No Python {PYTHON_WANTED[0][0]}.{PYTHON_WANTED[0][1]} or later here: getting one")
    own = TOOLS / "python"
    os.environ["UV_PYTHON_INSTALL_DIR"] = str(own)
    with contextlib.suppress(CannotGoOn):  # its own words say what was in the way
        run([get_uv(), "python", "install", PYTHON_PREFERRED])
    for python in sorted(own.glob("*/bin/python3")):
        if fits(python):
            return python
    raise CannotGoOn(
        "Loa needs Python 3.12, 3.13 or 3.14. None is on this machine and none could be fetched: "
        "install one with your system's packages, then start again."
    )


def fits(python: Path) -> bool:
    """Tell whether this is a Python of a version that Loa runs on."""
    try:
        asked = subprocess.run(
            [str(python), "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        )
        version = tuple(int(part) for part in asked.stdout.split())
    except (OSError, subprocess.CalledProcessError, ValueError):
        return False
    return PYTHON_WANTED[0] <= version <= PYTHON_WANTED[1]


def get_uv() -> Path:
    """Return uv, of the pinned version, got by pip into .tools."""
    lock = ROOT / "requirements-uv.lock"
    folder = TOOLS / f"uv-{digest([lock])[:12]}"
    uv = folder / "bin" / "uv"
    if runs(uv):
        return uv
    say("Getting uv, which gets everything else")
    draft = TOOLS / f"uv.new-{os.getpid()}"
    wanted = [
        "--root-user-action=ignore",
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--quiet",
    ]
    run([*a_pip(), "install", *wanted, "--target", draft, "-r", lock])
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return uv


def a_pip() -> list[str]:
    """Return a command that is pip: this Python's, or that of a private environment."""
    if runs(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    private = TOOLS / "pip"
    make: list[object] = [sys.executable, "-m", "venv", "--clear", private]
    if not runs(*make):
        if not may_install():
            raise CannotGoOn(
                "This Python has neither pip nor venv. Install one of them with your system's "
                "packages, for example: sudo apt-get install python3-venv"
            )
        say("Getting python3-venv")
        apt_get("python3-venv")
        run(make)
    return [str(private / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]


def may_install() -> bool:
    """Tell whether Debian packages can be installed from here."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def apt_get(*packages: str) -> None:
    """Install Debian packages without asking anything."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages])


def runs(*command: object) -> bool:
    """Tell whether a program starts here."""
    words = [str(word) for word in command]
    if len(words) == 1:
        words.append("--version")
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[object], cwd: Path = ROOT) -> None:
    """Run a program; its output shows. Raises CannotGoOn when it fails."""
    words = [str(word) for word in command]
    refuse_full_disk()
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(words, cwd=cwd, env=dict(os.environ, PATH=path), check=False)
    if done.returncode != 0:
        raise CannotGoOn(
            f"This failed, see above: {' '.join(words)}\n"
            "Without a network nothing new can be fetched; with one, start again: it goes on from "
            "here."
        )


def refuse_full_disk() -> None:
    """Stop before a step that would end with half a file."""
    free = shutil.disk_usage(ROOT).free
    if free < LEAST_FREE_BYTES:
        raise CannotGoOn(
            f"Only {free // 1_000_000} MB are free on the disk of {ROOT}. All that Loa needs takes "
            "about 1,500 MB: free some space and start again, it goes on from here."
        )


@contextlib.contextmanager
def when_changed(
    name: str, doing: str, inputs: list[Path], *, made: Path, also: str = ""
) -> Iterator[bool]:
    """Yield whether a step is due; when its block is done, remember what it was done for."""
    stamp = TOOLS / "stamps" / name
    mark = digest(inputs) + also
    if made.exists() and stamp.is_file() and stamp.read_text() == mark:
        yield False
        return
    say(doing)
    began = time.monotonic()
    yield True
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)
    say(f"  done in {time.monotonic() - began:.0f} s")


def digest(files: list[Path]) -> str:
    """Return a mark of the names and contents of files."""
    mark = hashlib.sha256()
    for file in files:
        mark.update(f"{file.relative_to(ROOT)}\n".encode())
        mark.update(file.read_bytes())
    return mark.hexdigest()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second start wait for the first instead of working in the same folders."""
    with (TOOLS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is getting things ready; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(sentence: str) -> None:
    """Tell the person what happens."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
