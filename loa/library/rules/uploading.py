"""What may be sent in pieces: how much, and where the next piece belongs."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes may be on their way: in one file, by one member, in the workspace."""

    file_bytes: int
    member_bytes: int
    workspace_bytes: int


class NoRoom(StrEnum):
    """Why another upload may not begin."""

    FILE = "file"
    MEMBER = "member"
    WORKSPACE = "workspace"


def why_not(size_bytes: int, *, room: Room, by_member: int, in_workspace: int) -> NoRoom | None:
    """Return what stands against a file of `size_bytes`; None when there is room.

    by_member, in_workspace: bytes announced by uploads that are not finished, each counted
    whole, so that nobody fills the disk with beginnings.
    """
    if size_bytes > room.file_bytes:
        return NoRoom.FILE
    if by_member + size_bytes > room.member_bytes:
        return NoRoom.MEMBER
    if in_workspace + size_bytes > room.workspace_bytes:
        return NoRoom.WORKSPACE
    return None


def fits(*, at: int, length: int, offset_bytes: int, size_bytes: int) -> bool:
    """Say whether a piece continues what is there and ends within what was announced."""
    return at == offset_bytes and 0 <= length <= size_bytes - offset_bytes
