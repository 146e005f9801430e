"""What may be on its way, and where a piece belongs."""

from hypothesis import given
from hypothesis import strategies as st

from loa.library.rules.uploading import Room, fits, why_not

sizes = st.integers(1, 1000)


@given(st.lists(sizes, max_size=30))
def test_what_is_on_its_way_never_exceeds_the_room(wanted: list[int]) -> None:
    room = Room(file_bytes=400, member_bytes=900, workspace_bytes=1500)
    mine = theirs = 0

    for number, size in enumerate(wanted):
        own = theirs if number % 2 else mine
        if why_not(size, room=room, by_member=own, in_workspace=mine + theirs) is None:
            mine, theirs = (mine, theirs + size) if number % 2 else (mine + size, theirs)

    assert max(mine, theirs) <= 900
    assert mine + theirs <= 1500


@given(at=sizes, length=sizes, offset=sizes, size=sizes)
def test_a_piece_fits_only_at_the_end_and_within_the_file(
    at: int, length: int, offset: int, size: int
) -> None:
    if fits(at=at, length=length, offset_bytes=offset, size_bytes=size):
        assert at == offset
        assert offset + length <= size
