"""Captions: what people send as SRT or WebVTT, read, checked, and written as WebVTT.

Sources: W3C WebVTT (files and cue timings); SubRip as players read it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise

MOST_BYTES = 500_000
MOST_CUES = 5_000
_MOMENT = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_MOMENT}\s*-->\s*{_MOMENT}(?:\s.*)?$")
# Styles and voices are dropped; players of other platforms show them as they stand.
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,80}>|\{\\[^{}\n]{0,80}\}")


class CaptionsUnreadable(LoaError):
    """The file holds no captions we can use.

    reason: "empty", "too_large", "encoding", "no_cues", "timing" (its end is not after its
    start), "disorder" (a cue begins before the one above it) or "too_late" (after the video's
    end). line: where, from 1; None for the file as a whole.
    """

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(f"captions: {reason} at line {line}")
        self.reason, self.line = reason, line


@dataclass(frozen=True, slots=True)
class Cue:
    """Words, and when they are shown."""

    start_ms: int
    end_ms: int
    words: str
    line: int


def read_captions(content: bytes, *, duration_ms: int) -> str:
    """Return the captions in `content` as WebVTT; CaptionsUnreadable when they are none."""
    if not content.strip():
        raise CaptionsUnreadable("empty")
    if len(content) > MOST_BYTES:
        raise CaptionsUnreadable("too_large")
    cues = tuple(_cues(_text(content)))
    if not cues:
        raise CaptionsUnreadable("no_cues")
    if len(cues) > MOST_CUES:
        raise CaptionsUnreadable("too_large")
    _check(cues, duration_ms=duration_ms)
    shown = (f"{_moment(one.start_ms)} --> {_moment(one.end_ms)}\n{one.words}\n" for one in cues)
    return "WEBVTT\n\n" + "\n".join(shown)


def _text(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise CaptionsUnreadable("encoding") from None
    return normalise(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def _cues(text: str) -> Iterator[Cue]:
    """Yield the cues: a line of times, then words up to an empty line. All else is passed over."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        timing = _TIMING.match(lines[at])
        at += 1
        if timing is None:
            continue
        begun, words = at, []
        while at < len(lines) and lines[at].strip():
            words.append(_plain(lines[at]))
            at += 1
        said = "\n".join(one for one in words if one)
        if said:
            moments = timing.groups()
            yield Cue(_milliseconds(moments[:4]), _milliseconds(moments[4:]), said, begun)


def _plain(words: str) -> str:
    bare = _TAG.sub("", words).strip()
    # An arrow would end the cue, and a bare sign begins a tag or an entity.
    bare = bare.replace("-->", "→")
    bare = re.sub(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d+);)", "&amp;", bare)
    return bare.replace("<", "&lt;")


def _check(cues: tuple[Cue, ...], *, duration_ms: int) -> None:
    latest = 0
    for cue in cues:
        if cue.end_ms <= cue.start_ms:
            raise CaptionsUnreadable("timing", line=cue.line)
        if cue.start_ms < latest:
            raise CaptionsUnreadable("disorder", line=cue.line)
        if cue.start_ms > duration_ms:
            raise CaptionsUnreadable("too_late", line=cue.line)
        latest = cue.start_ms


def _milliseconds(moment: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = moment
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((rest or "0").ljust(3, "0"))


def _moment(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
