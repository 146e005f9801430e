"""What Today says: needs in words, and the small words around them."""

from loa.today.wording.needs import SHOWN, WORDS, Line, line
from loa.today.wording.said import days_left, moon, near, quoted

__all__ = ["SHOWN", "WORDS", "Line", "days_left", "line", "moon", "near", "quoted"]
