"""One Loa per LOA_HOME: the second is told who the first is."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from loa.kernel.errors import LoaError


@dataclass(frozen=True, slots=True)
class Holder:
    """Who uses an installation. what: the command, such as "loa up"; address: "" if none."""

    pid: int
    what: str
    address: str = ""


class InUse(LoaError):
    """Another command uses this LOA_HOME. `holder` is None while it is just starting."""

    def __init__(self, home: Path, holder: Holder | None) -> None:
        self.holder = holder
        who = f"`{holder.what}` (process {holder.pid})" if holder else "another command"
        where = f" and answers on {holder.address}" if holder and holder.address else ""
        super().__init__(
            f"Loa runs already on this folder: {who} uses {home}{where}. Stop it first, or set "
            "LOA_HOME to another folder and LOA_PORT to another port for a second Loa."
        )


class Lock:
    """The right to run the servers of one LOA_HOME; let go at the latest when this process ends.

    The file is only a place for the kernel's lock and a note about its holder: a note that a
    dead process left behind means nothing.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / "loa.lock"
        self._handle = -1

    def take(self, holder: Holder) -> None:
        """Take the lock; raises InUse."""
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise InUse(self._home, self._noted()) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(asdict(holder)).encode(), 0)
        self._handle = handle

    def holder(self) -> Holder | None:
        """Return who holds the lock now, None when nobody does."""
        try:
            handle = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._noted() or Holder(0, "another command")
        finally:
            os.close(handle)
        return None

    def release(self) -> None:
        """Let go."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        """Nothing happens here: `take` may be refused."""
        return self

    def __exit__(self, *_problem: object) -> None:
        """Let go."""
        self.release()

    def _noted(self) -> Holder | None:
        try:
            noted: dict[str, Any] = json.loads(self._file.read_text())
            return Holder(int(noted["pid"]), str(noted["what"]), str(noted["address"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
