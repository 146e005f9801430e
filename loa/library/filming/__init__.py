"""Measure and make videos with ffmpeg, in a process that can do nothing else.

The child (child.py) gets the source as its standard input, which must be a real file, with
the reader we chose for it and no other way to open anything. It writes into one file that we
opened, and is limited in memory, time and bytes. A decoder that is fooled takes nothing with it.
"""

from loa.library.filming.running import CannotFilm, Stopped, ffmpeg
from loa.library.filming.steps import make, measure, picture_at

__all__ = ["CannotFilm", "Stopped", "ffmpeg", "make", "measure", "picture_at"]
