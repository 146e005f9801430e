"""Timestamp identifiers, which name a record. Pure.

Source: AT Protocol specification, "Timestamp Identifiers (TIDs)": 64 bits, the top one 0,
then 53 bits of microseconds since 1970 and 10 bits of clock id, in base32-sortable.
"""

import hashlib
from datetime import datetime

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_CLOCK_BITS = 10
_MICROS = 1_000_000


def tid_for(key: str, created_at: datetime) -> str:
    """Return the TID of the part called `key`, made at `created_at`.

    The second is the part's; what lies below it, and the clock id, come from the key. So the
    same part has the same TID on every try, and two parts of one second have different ones:
    of a thousand in that second, two meet once in two thousand times.
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    micros = int(created_at.timestamp()) * _MICROS + digest % _MICROS
    clock_id = (digest // _MICROS) % (1 << _CLOCK_BITS)
    return _encoded((micros << _CLOCK_BITS) | clock_id)


def _encoded(number: int) -> str:
    letters = [""] * _LENGTH
    for place in reversed(range(_LENGTH)):
        number, low = divmod(number, len(_LETTERS))
        letters[place] = _LETTERS[low]
    return "".join(letters)
