"""Captions are read whatever program wrote them, and told apart from what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.library.rules.captions import CaptionsUnreadable, read_captions

SRT = """1
00:00:00,500 --> 00:00:01,900
Bánh mì nóng đây!

2
00:00:02,000 --> 00:00:03,000 X1:10 X2:20
<i>Mời</i> {\\an8}anh chị
dùng thử
"""
VTT = """WEBVTT - oven

NOTE a remark

STYLE
::cue { color: red }

intro
00:00.500 --> 00:01.900 align:start
Bánh mì nóng đây!

00:02.000 --> 00:03.000
<v Ana>Mời anh chị
dùng thử
"""
READ = (
    "WEBVTT\n\n00:00:00.500 --> 00:00:01.900\nBánh mì nóng đây!\n\n"
    "00:00:02.000 --> 00:00:03.000\nMời anh chị\ndùng thử\n"
)


@pytest.mark.parametrize(
    "content",
    [
        SRT.encode(),
        VTT.encode(),
        SRT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + SRT.encode(),
        SRT.encode("utf-16"),
    ],
    ids=["srt", "vtt", "windows", "mark", "utf-16"],
)
def test_every_kind_is_read_as_the_same_words(content: bytes) -> None:
    assert read_captions(content, duration_ms=5000) == READ


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "empty", None),
        (b"  \n\n", "empty", None),
        (b"x" * 500_001, "too_large", None),
        (b"\xc3\x28", "encoding", None),
        (b"Hello, just words", "no_cues", None),
        (b"00:00:02,000 --> 00:00:01,000\nBackwards", "timing", 1),
        (b"00:02.000 --> 00:03.000\nB\n\n00:01.000 --> 00:02.000\nA", "disorder", 4),
        (b"00:09.000 --> 00:10.000\nAfter the end", "too_late", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    content: bytes, reason: str, line: int | None
) -> None:
    with pytest.raises(CaptionsUnreadable) as refused:
        read_captions(content, duration_ms=5000)

    assert (refused.value.reason, refused.value.line) == (reason, line)


def test_nothing_said_can_end_a_cue_or_begin_a_tag() -> None:
    sly = b"00:00.000 --> 00:01.000\n<script>x --> y & z</script> a < b"

    shown = read_captions(sly, duration_ms=5000)

    assert shown.endswith("x → y &amp; z a &lt; b\n")


@given(st.text(max_size=200))
def test_what_was_read_reads_the_same_again(words: str) -> None:
    content = f"00:00.000 --> 00:01.000\n{words}".encode(errors="ignore")
    try:
        once = read_captions(content, duration_ms=5000)
    except CaptionsUnreadable:
        return

    assert read_captions(once.encode(), duration_ms=5000) == once
