"""The one folder in which an installation keeps its data (LOA_HOME)."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from loa.kernel.errors import LoaError
from loa.ops import environment

# A Unix socket path has about 107 bytes; the server adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 80


class CannotUse(LoaError):
    """The folder LOA_HOME cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below LOA_HOME, and the secrets that are made on first use and kept there."""

    path: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """Return the folder named by LOA_HOME, else ~/.local/share/loa."""
        named = environment.text("LOA_HOME")
        return cls(Path(named).expanduser() if named else Path.home() / ".local/share/loa")

    def made(self) -> "Home":
        """Make the folder if it is missing; CannotUse when it cannot be written to."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CannotUse(
                f"The folder LOA_HOME={self.path} cannot be made: {error.strerror}. "
                "Set LOA_HOME to a folder you may write to."
            ) from None
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise CannotUse(
                f"The folder LOA_HOME={self.path} cannot be written to. Make it yours, or set "
                "LOA_HOME to another folder."
            )
        return self

    @property
    def practice(self) -> Path:
        """What the practice network keeps."""
        return self.path / "practice"

    @property
    def postgres(self) -> Path:
        """The embedded server's folder: data, socket and passwords."""
        return self.path / "postgres"

    @property
    def media(self) -> Path:
        """Assets and renditions."""
        return self.path / "media"

    def kept_secret(self, name: str) -> str:
        """Return the random secret `name`, made on first use, readable by its owner alone.

        Two processes that start together agree on one value: the file is linked into
        place whole, and the loser reads the winner's.
        """
        file = self.path / "secrets" / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = file.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_urlsafe(48))
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return file.read_text().strip()

    def replace_kept_secret(self, name: str, value: str) -> None:
        """Put `value` in the place of the kept secret `name`, whole or not at all."""
        file = self.path / "secrets" / name
        draft = file.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(value)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)

    def embedded_database(self, *, role: str) -> dict[str, object]:
        """Return Django's connection values for the embedded server, as `role` app or owner."""
        return {
            "NAME": "loa",
            "USER": f"loa_{role}",
            "PASSWORD": self.kept_secret(f"postgres-{role}"),
            "HOST": str(self.socket_folder),
            "PORT": "5432",
            # Whoever answers must know our password too, and is never told it.
            "OPTIONS": {"require_auth": "scram-sha-256"},
        }

    @property
    def socket_folder(self) -> Path:
        """Where the embedded server listens.

        A Unix socket's path is limited to about 100 bytes, so a deep LOA_HOME uses a
        short private folder of the runtime directory instead.
        """
        near = self.postgres / "socket"
        if len(str(near)) <= LONGEST_SOCKET_FOLDER:
            return near
        mark = hashlib.sha256(str(self.postgres).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"loa-{mark}"
