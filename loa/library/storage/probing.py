"""Find out whether the storage does what we need, with a file that nobody names."""

import secrets
from io import BytesIO

from loa.library.storage import StorageRefused, home

FOLDER = "probe"


def probe() -> None:
    """Write, find, read back and delete a file; an error of the family when one of it fails."""
    key, content = f"{FOLDER}/{secrets.token_hex(8)}", secrets.token_bytes(64)
    there = home()
    there.put(key, BytesIO(content))
    try:
        with there.open(key) as file:
            if file.read() != content:
                raise StorageRefused("what was written is not what is read")
        if key not in {one.key for one in there.listing(FOLDER)}:
            raise StorageRefused("what was written is not in the list")
    finally:
        there.remove(key)
    if there.find(key) is not None:
        raise StorageRefused("what was deleted is still there")
