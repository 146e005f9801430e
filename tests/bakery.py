"""Riverside Bakery ready made: the workspace and its three people, for tests that need them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from loa.ops import fence
from loa.workspace.models import Member, Workspace
from tests import cast


@dataclass(frozen=True)
class Bakery:
    """One workspace: Ana owns it, Ben writes, Chloe approves."""

    workspace: Workspace
    ana: Member
    ben: Member
    chloe: Member

    @contextmanager
    def inside(self) -> Iterator[None]:
        """See what this workspace sees."""
        with fence.inside(self.workspace.pk):
            yield


def riverside_bakery(*, time_zone: str = "Asia/Ho_Chi_Minh") -> Bakery:
    """Make the bakery and its people."""
    workspace = cast.a_workspace(time_zone=time_zone)
    return Bakery(
        workspace=workspace,
        ana=cast.ana(workspace),
        ben=cast.ben(workspace),
        chloe=cast.chloe(workspace),
    )


def elsewhere() -> Bakery:
    """Make Omar's workspace, in which he does everything himself."""
    omar = cast.omar()
    return Bakery(omar.workspace, ana=omar, ben=omar, chloe=omar)
