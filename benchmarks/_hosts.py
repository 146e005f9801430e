"""Several hosts on one machine: network namespaces behind one bridge, where the system has them.

Needs Linux, iproute2 and the right to make namespaces (as a rule, root). Everything is removed
when the block ends; the names carry this process's number, so runs do not meet.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# A net for documentation that nobody routes (RFC 5737, TEST-NET-2).
NET = "198.51.100"
HERE = f"{NET}.1"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where to run commands. address: of this host, as the others reach it.

    prefixes: for each other host, what its commands begin with; empty ones when the system
    makes no namespaces, and everything runs here.
    """

    address: str
    prefixes: list[list[str]]

    @property
    def are_apart(self) -> bool:
        """Say whether each host has a network of its own."""
        return all(self.prefixes)


@contextmanager
def hosts(count: int) -> Iterator[Hosts]:
    """Make `count` hosts beside this one for the length of the block."""
    mark = f"loa{os.getpid()}"
    names = [f"{mark}-{number}" for number in range(count)]
    try:
        made = _make(mark, names)
        yield (
            Hosts(HERE, [["ip", "netns", "exec", name] for name in names])
            if made
            else Hosts("127.0.0.1", [[] for _ in names])
        )
    finally:
        for name in names:
            _ip("netns", "delete", name)
        _ip("link", "delete", mark)


def _make(bridge: str, names: list[str]) -> bool:
    """Make a bridge and namespaces on it; say whether all of it came about."""
    if not _ip("link", "add", bridge, "type", "bridge"):
        return False
    steps = [("address", "add", f"{HERE}/24", "dev", bridge), ("link", "set", bridge, "up")]
    for number, name in enumerate(names):
        near, inside = f"{bridge}n{number}", ("-n", name)
        steps += [
            ("netns", "add", name),
            ("link", "add", near, "type", "veth", "peer", "name", "eth0", "netns", name),
            ("link", "set", near, "master", bridge, "up"),
            (*inside, "address", "add", f"{NET}.{number + 2}/24", "dev", "eth0"),
            (*inside, "link", "set", "lo", "up"),
            (*inside, "link", "set", "eth0", "up"),
        ]
    return all(_ip(*step) for step in steps)


def _ip(*words: str) -> bool:
    """Run ip, from iproute2; say whether it did as told."""
    ip = shutil.which("ip")
    if ip is None:
        return False
    done = subprocess.run([ip, *words], check=False, capture_output=True)  # noqa: S603 (our words)
    return done.returncode == 0
