"""Text as people write it, brought into one form before it is kept or compared."""

import unicodedata


def normalise(text: str) -> str:
    """Return `text` in NFC with plain line ends, as everything is stored and sent.

    A decomposed "ế" is three code points: longer in every counter, and unequal to
    the same word typed elsewhere.
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """Return `text` without case, diacritics and tone marks: "Cà Phê Đá" gives "ca phe da"."""
    plain = text.casefold().replace("đ", "d")
    return "".join(
        mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark)
    )
