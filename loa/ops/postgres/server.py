"""One embedded server: make its data folder, start it, know that it is ours, stop it."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from loa.ops import logfiles, processes
from loa.ops.postgres import account as accounts
from loa.ops.postgres import configuration, initdb, leftovers, roles, software
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.reach import Reach

START_WITHIN_S = 60.0
STOP_POLITELY_S = 10.0


class Server:
    """The server of one folder, as a child of this process.

    durable: False only for servers that are thrown away.
    installation: the binaries to run; those that came with Loa when None.
    say: told, in a sentence, about each step that a person may wait for.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        durable: bool = True,
        installation: software.Software | None = None,
        say: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self._durable = durable
        self._installation = installation
        self._say = say

    def url(self, role: str, *, database: str = "loa") -> str:
        """Return the postgresql:// address for `role`: postgres, loa_owner or loa_app."""
        password = quote(self.folder.passwords[role], safe="")
        socket = quote(str(self.folder.socket), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={socket}&port=5432"

    @property
    def log(self) -> Path:
        """Return the file in which the server says what happens."""
        return self.folder.log

    def binary(self, name: str) -> str:
        """Return the path of PostgreSQL's program `name`, such as psql or pg_dump."""
        return (self._installation or software.installed()).binary(name)

    def start(self) -> None:
        """Return when the server answers and has its roles, database and extensions.

        A first start makes the data folder. A server that an earlier Loa left behind is
        stopped first. Raises DatabaseUnavailable.
        """
        self._account = accounts.for_data(self.folder.data)
        self.folder.made_for(self._account)
        found = self._installation or software.installed()
        self.folder.refuse_other_major(found.major)
        self._software = software.readable_by(self._account, found, near=self.folder.path)
        if not (self.folder.data / "PG_VERSION").exists():
            self._say("Making the database (once)")
            initdb.make_data(self.folder, self._account, self._software, sync=self._durable)
        elif leftovers.clear(self.folder):
            self._say("Stopped a database server that an earlier Loa left behind")
        self._spawn()
        self._await_ready()
        try:
            roles.prepare(self.folder, self.url("postgres", database="postgres"), found)
        except DatabaseUnavailable:
            self.stop()
            raise

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

    def _spawn(self) -> None:
        reach = Reach(self._account)
        command = [
            self._software.binary("postgres"),
            f"-D{reach.name(self.folder.data)}",
            *configuration.arguments(socket=reach.name(self.folder.socket), durable=self._durable),
        ]
        logfiles.keep_small(self.folder.log)
        self._log_from = self.folder.log.stat().st_size if self.folder.log.exists() else 0
        try:
            with self.folder.log.open("ab") as log:
                self.process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=accounts.environment(),
                    # Its own group: Ctrl-C is for Loa, which stops the server last.
                    process_group=0,
                    pass_fds=reach.open_folders,
                    preexec_fn=processes.dies_with_parent(signal.SIGINT),  # noqa: PLW1509
                    **accounts.arguments(self._account),
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
        said = logfiles.last_words(self.folder.log, since=self._log_from)
        if "No space left on device" in said:
            return (
                f"The disk of {self.folder.path} is full, so the database server cannot start. "
                "Free some space and start again: nothing that was saved is lost."
            )
        return (
            f"The database server ended at its start: {initdb.last_words(said)} "
            f"Its log is {self.folder.log}."
        )
