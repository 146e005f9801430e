"""Receive what a request brings before a thread is taken for it.

A thread computes pages; there are a few of them. A slow line would hold one for as long as it
sends, and eight people who upload from their phones would stand in everybody's way. The event
loop waits for any number of lines instead.
"""

import tempfile
from typing import IO

from loa.ops.live.endpoint import Message, Receive

# The largest body that waits here. Above it stands only the plain form with large files.
MOST_BYTES = 8_500_000
IN_MEMORY_BYTES = 65_536
GIVEN_BYTES = 65_536


def is_gathered(scope: Message) -> bool:
    """Say whether a request has a body, and one that is not too large to wait for."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return length.isdigit() and 0 < int(length) <= MOST_BYTES


async def gathered(receive: Receive) -> "Body":
    """Wait for the whole body, or for what comes of it before the line breaks."""
    # Small ones stay in memory, others lie on the disk.
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 (the Body closes it)
    more = True
    while more:
        message = await receive()
        file.write(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    file.seek(0)
    return Body(file)


class Body:
    """A body that is here, given on piece by piece."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    async def receive(self) -> Message:
        """Return the next piece as the server would."""
        piece = self._file.read(GIVEN_BYTES)
        return {"type": "http.request", "body": piece, "more_body": len(piece) == GIVEN_BYTES}

    def close(self) -> None:
        """Forget it."""
        self._file.close()
