"""Let the server's account use a folder that it cannot reach by its path."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from loa.ops.postgres.account import Account


@dataclass(slots=True)
class Reach:
    """Names for folders as the server's account sees them.

    The usual LOA_HOME of root lies below /root, which only root may enter. A folder that is
    opened before the child gives up its rights stays usable through /proc/self/fd, while
    everything around it stays closed. Pass `open_folders` to the child.
    """

    account: Account | None
    open_folders: list[int] = field(default_factory=list)

    def name(self, folder: Path) -> str:
        """Return a path for `folder` that the account can follow."""
        if self.account is None or self.account.can_enter(folder):
            return str(folder)
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self.open_folders.append(opened)
        return f"/proc/self/fd/{opened}"

    def close(self) -> None:
        """Close our side; the child keeps its own."""
        while self.open_folders:
            os.close(self.open_folders.pop())
