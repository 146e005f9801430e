"""Checks of the machine: folder, disk, ports, public address."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from loa.ops.lock import Lock
from loa.site import reachability
from loa.site.doctor.outcome import Outcome, look, ok, wrong

LEAST_FREE_BYTES = 300_000_000
COMFORTABLE_FREE_BYTES = 2_000_000_000
ON_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def check() -> Iterator[Outcome]:
    """Yield what the machine offers."""
    home: Path = settings.HOME.path
    yield _folder(home)
    yield _disk(home)
    yield _port(home)
    yield _public_url()
    yield _keys_file(home)


def _folder(home: Path) -> Outcome:
    if not os.access(home, os.W_OK | os.X_OK):
        return wrong(f"LOA_HOME={home} cannot be written to. Make it yours, or choose another.")
    if home.stat().st_mode & 0o077:
        return look(f"{home} can be read by other accounts. Close it with `chmod 700 {home}`.")
    return ok(f"Data is kept in {home}, readable by its owner alone.")


def _disk(home: Path) -> Outcome:
    free = shutil.disk_usage(home).free
    shown = f"{free / 1e9:.1f} GB are free on the disk of {home}"
    if free < LEAST_FREE_BYTES:
        return wrong(f"Only {shown}. Free some before the database stops.")
    if free < COMFORTABLE_FREE_BYTES:
        return look(f"{shown}. Images and videos may fill that soon.")
    return ok(f"{shown}.")


def _port(home: Path) -> Outcome:
    address, port = settings.BIND, settings.PORT
    holder = Lock(home).holder()
    why = reachability.taken(address, port)
    if holder is not None and holder.address:
        if reachability.answers(address, port, "/health"):
            return ok(f"Loa runs (process {holder.pid}) and answers on port {port}.")
        return wrong(f"Loa runs (process {holder.pid}) but gives no page on port {port}.")
    if why:
        return wrong(f"Port {port} {why}. Choose another with LOA_PORT.")
    return ok(f"Port {port} is free; Loa is not running here now.")


def _public_url() -> Outcome:
    url = urlsplit(settings.PUBLIC_URL)
    if url.hostname in ON_THIS_MACHINE:
        return look(
            f"LOA_PUBLIC_URL is {settings.PUBLIC_URL}: only this machine can open Loa's links. "
            "Set it to the address that your team uses."
        )
    if url.scheme != "https":
        return wrong(
            f"LOA_PUBLIC_URL is {settings.PUBLIC_URL}: without https, passwords and sessions can "
            "be read on the way, and passkeys do not work."
        )
    return ok(f"Links lead to {settings.PUBLIC_URL}.")


def _keys_file(home: Path) -> Outcome:
    file = home / "secrets" / "master-keys"
    if not file.exists():
        return ok("The master keys come from LOA_MASTER_KEYS.")
    if file.stat().st_mode & 0o077:
        return wrong(f"{file} can be read by other accounts. Close it with `chmod 600 {file}`.")
    return ok(f"The master keys are in {file}. Without them no backup opens a grant.")
