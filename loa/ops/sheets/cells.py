"""What a cell may begin with. A spreadsheet runs a cell that begins like a formula."""

RUNS = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")
MARK = "'"


def neutralise(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula; `plain` undoes it.

    The mark is what people type themselves to keep a formula as text. What is already marked
    gets one more, so that it comes back as it was. A plain number keeps its sign.
    """
    bare = text.lstrip(f"{MARK} \n")
    if bare.startswith(RUNS) and not _is_number(text):
        return f"{MARK}{text}"
    return text.replace("\x00", "")


def plain(text: str) -> str:
    """Return what `neutralise` was given."""
    is_marked = text.startswith(MARK) and text[1:].lstrip(f"{MARK} \n").startswith(RUNS)
    return text[1:] if is_marked else text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdecimal()
