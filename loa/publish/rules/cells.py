"""What a cell of a file may begin with: a spreadsheet runs a cell that begins like a formula."""

RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutralise(text: str) -> str:
    """Return `text` as a spreadsheet shows it and never runs it.

    The mark in front is the one people type themselves to keep a formula as text. A plain
    number keeps its sign.
    """
    text = text.replace("\x00", "")
    bare = text.lstrip(" \n'")
    if not bare.startswith(RUNS) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdecimal()
