"""One embedded server: make its data folder, start it, know that it is ours, stop it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from loa.ops.postgres import account as accounts
from loa.ops.postgres import configuration, leftovers, processes, roles, software
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.reach import Reach

START_WITHIN_S = 60.0
STOP_POLITELY_S = 10.0


class Server:
    """The server of one folder, as a child of this process.

    durable: False only for servers that are thrown away.
    say: told, in a sentence, about each step that a person may wait for.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        durable: bool = True,
        say: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self._durable = durable
        self._say = say

    def url(self, role: str, *, database: str = "loa") -> str:
        """Return the postgresql:// address for `role`: postgres, loa_owner or loa_app."""
        password = quote(self.folder.passwords[role], safe="")
        socket = quote(str(self.folder.socket), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={socket}&port=5432"

    def start(self) -> None:
        """Return when the server answers and has its roles, database and extensions.

        A first start makes the data folder. A server that an earlier Loa left behind is
        stopped first. Raises DatabaseUnavailable.
        """
        self._account = accounts.for_data(self.folder.data)
        self.folder.made_for(self._account)
        found = software.installed()
        self.folder.refuse_other_major(found.major)
        self._software = software.readable_by(self._account, found, near=self.folder.path)
        if not (self.folder.data / "PG_VERSION").exists():
            self._say("Making the database (once)")
            self._initialise()
        elif leftovers.clear(self.folder):
            self._say("Stopped a database server that an earlier Loa left behind")
        self._spawn()
        self._await_ready()
        roles.prepare(self.folder, self.url("postgres", database="postgres"))

    def poll(self) -> int | None:
        """Return the exit code of a server that ended by itself, None while it runs."""
        return self.process.poll() if self.process else None

    def stop(self, *, first: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: end its sessions, write everything down, leave.

        first: SIGINT for a clean stop, SIGQUIT to leave at once (recovers at next start).
        """
        if self.process is None:
            return
        for way, patience_s in (
            (first, STOP_POLITELY_S),
            (signal.SIGQUIT, STOP_POLITELY_S),
            (signal.SIGKILL, STOP_POLITELY_S),
        ):
            self.process.send_signal(way)
            try:
                self.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue
            break
        self.process = None

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there when it is whole."""
        draft = self.folder.path / f"data.new-{os.getpid()}"
        password_file = self.folder.path / f"password.new-{os.getpid()}"
        for old in self.folder.path.glob("*.new-*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        if self.folder.data.is_dir() and not any(self.folder.data.iterdir()):
            self.folder.data.rmdir()
        draft.mkdir(mode=0o700)
        password_file.touch(mode=0o600)
        password_file.write_text(self.folder.passwords["postgres"])
        if self._account:
            os.chown(draft, self._account.uid, self._account.gid)
            os.chown(password_file, self._account.uid, self._account.gid)
        try:
            self._run_initdb(draft, password_file)
            (draft / "pg_hba.conf").write_text(configuration.LOGINS)
            draft.rename(self.folder.data)
        except OSError as error:
            raise DatabaseUnavailable(
                f"The database cannot be made in {self.folder.path}: {error.strerror}."
            ) from None
        finally:
            password_file.unlink(missing_ok=True)
            shutil.rmtree(draft, ignore_errors=True)

    def _run_initdb(self, draft: Path, password_file: Path) -> None:
        reach = Reach(self._account)
        command = [
            self._software.binary("initdb"),
            f"--pgdata={reach.name(draft)}",
            f"--pwfile={reach.name(password_file.parent)}/{password_file.name}",
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            "--set=max_connections=80",
            "--set=shared_buffers=96MB",
            "--set=dynamic_shared_memory_type=posix",
            "--set=timezone=UTC",
            *([] if self._durable else ["--no-sync"]),
        ]
        try:
            made = self._run(command, reach)
        finally:
            reach.close()
        if made.returncode != 0:
            raise DatabaseUnavailable(
                f"The database could not be made in {self.folder.path}: {_last_words(made.stderr)}"
            )

    def _run(self, command: list[str], reach: Reach) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own binaries, no shell
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            pass_fds=reach.open_folders,
            **_as(self._account),
        )

    def _spawn(self) -> None:
        reach = Reach(self._account)
        command = [
            self._software.binary("postgres"),
            f"-D{reach.name(self.folder.data)}",
            *configuration.arguments(socket=reach.name(self.folder.socket), durable=self._durable),
        ]
        self.folder.turn_log()
        self._log_from = self.folder.log.stat().st_size if self.folder.log.exists() else 0
        try:
            with self.folder.log.open("ab") as log:
                self.process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=_environment(),
                    # Its own group: Ctrl-C is for Loa, which stops the server last.
                    process_group=0,
                    pass_fds=reach.open_folders,
                    preexec_fn=processes.dies_with_parent(signal.SIGINT),  # noqa: PLW1509
                    **_as(self._account),
                )
        except OSError as error:
            raise DatabaseUnavailable(f"The database server cannot start: {error}.") from None
        finally:
            reach.close()

    def _await_ready(self) -> None:
        """Wait for the word "ready", which the server writes into its postmaster.pid."""
        assert self.process is not None  # noqa: S101 - set by _spawn
        end = time.monotonic() + START_WITHIN_S
        while not leftovers.is_ready(self.folder.data, pid=self.process.pid):
            if self.process.poll() is not None:
                raise DatabaseUnavailable(self._why_it_ended())
            if time.monotonic() > end:
                self.stop(first=signal.SIGQUIT)
                raise DatabaseUnavailable(
                    f"The database server did not get ready within {START_WITHIN_S:.0f} seconds. "
                    f"Its log is {self.folder.log}."
                )
            time.sleep(0.01)

    def _why_it_ended(self) -> str:
        self.process = None
        with self.folder.log.open(errors="replace") as log:
            log.seek(self._log_from)
            said = log.read()
        if "No space left on device" in said:
            return (
                f"The disk of {self.folder.path} is full, so the database server cannot start. "
                "Free some space and start again: nothing that was saved is lost."
            )
        return (
            f"The database server ended at its start: {_last_words(said)} "
            f"Its log is {self.folder.log}."
        )


def _as(account: accounts.Account | None) -> dict[str, Any]:
    """Return the arguments that make a child run as `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def _environment() -> dict[str, str]:
    """Return a small environment: no PG* variable of the person's own may steer the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _last_words(said: str) -> str:
    """Return the last lines in which the server said what is wrong."""
    wrong = [line for line in said.splitlines() if "FATAL" in line or "error:" in line.lower()]
    return " ".join((wrong or said.splitlines()[-2:] or ["it said nothing."])[-2:])
