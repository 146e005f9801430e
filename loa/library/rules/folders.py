"""A tree of folders: its order for a list, its paths, and where a folder may be put."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loa.kernel.text import fold

DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder with its place in the tree. parent_id: None at the top."""

    id: int
    name: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A folder as a list shows it. depth: 0 at the top; path: the names from the top to it."""

    id: int
    name: str
    depth: int
    path: tuple[str, ...]


def in_order(branches: Iterable[Branch]) -> tuple[Seat, ...]:
    """Return the folders as a tree reads: each followed by what lies in it, by name."""
    below: dict[int | None, list[Branch]] = defaultdict(list)
    for branch in branches:
        below[branch.parent_id].append(branch)
    seats: list[Seat] = []

    def walk(parent_id: int | None, path: tuple[str, ...]) -> None:
        for one in sorted(below[parent_id], key=lambda one: (fold(one.name), one.name, one.id)):
            seats.append(Seat(one.id, one.name, len(path), (*path, one.name)))
            walk(one.id, (*path, one.name))

    walk(None, ())
    return tuple(seats)


def with_all_below(folder_id: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """Return the folder and every folder in it, however deep. parents: by id."""
    found = {folder_id}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)


def may_lie_in(
    folder_id: int | None, parent_id: int | None, parents: Mapping[int, int | None]
) -> bool:
    """Say whether a folder (None: a new one) may be put into another (None: to the top).

    Not into itself or what lies in it, and never deeper than DEEPEST.
    """
    depth, place = 0, parent_id
    while place is not None:
        if place == folder_id or place not in parents or depth > DEEPEST:
            return False
        depth, place = depth + 1, parents[place]
    return depth + _height(folder_id, parents) <= DEEPEST


def _height(folder_id: int | None, parents: Mapping[int, int | None]) -> int:
    """Return how many levels a folder takes, itself included."""
    height, level = 1, {folder_id} if folder_id is not None else set()
    while level := {one for one, parent in parents.items() if parent in level}:
        height += 1
    return height
