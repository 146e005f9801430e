"""The short name of a workspace in addresses."""

import re

from loa.kernel.text import fold

LONGEST = 50
WHEN_NOTHING_IS_LEFT = "workspace"


def slug_of(name: str) -> str:
    """Return `name` for an address: "Cà phê Sông Hồng" gives "ca-phe-song-hong"."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return words[:LONGEST].strip("-") or WHEN_NOTHING_IS_LEFT


def numbered(slug: str, number: int) -> str:
    """Return the `number`-th way to spell `slug`; the first is the slug itself."""
    return slug if number == 1 else f"{slug}-{number}"
