"""Why a file cannot be read as a table."""

from loa.kernel.errors import LoaError


class Unreadable(LoaError):
    """Base of the family: the file is not one we can read rows from."""


class EmptyFile(Unreadable):
    """There is nothing in the file."""


class NotATable(Unreadable):
    """The file is something else: a picture, a document, a broken archive."""


class OldWorkbook(Unreadable):
    """The file is of the kind that Excel wrote before 2007."""


class TooBig(Unreadable):
    """The file would unfold to more than we read."""


class WrongEncoding(Unreadable):
    """The file is not written in the encoding that a person chose."""
