"""Tell higher apps that a rendition was made, or will not be: somebody may wait for it."""

from collections.abc import Callable

type Told = Callable[[int], object]

_told: list[Told] = []


def when_ended(told: Told) -> Told:
    """Have `told` called with the workspace, in the transaction that notes the end."""
    _told.append(told)
    return told


def tell_ended(workspace_id: int) -> None:
    """Tell everybody who asked."""
    for told in _told:
        told(workspace_id)
