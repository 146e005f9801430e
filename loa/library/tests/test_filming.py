"""ffmpeg, confined: what it measures, what it makes, and what it cannot do."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pytest

from loa.library import filming
from loa.library.rules.film import Plan
from loa.library.rules.videos import container_of, refusal_of, said_size
from loa.library.tests import films
from loa.library.tests.films import a_film
from loa.ops import processes

CHILD = [sys.executable, "-I", "-m", "loa.library.filming.child"]
LIMITS = '{"memory_bytes": 3000000000, "cpu_s": 60, "file_bytes": 1000000, "parent": %d}'
PLAN = Plan(
    width_px=160,
    height_px=90,
    duration_ms=2000,
    max_bytes=1_000_000,
    video_kbps=500,
    audio_kbps=64,
    source_rate=25.0,
)


@contextmanager
def a_file(content: bytes) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file


def confined(code: str) -> str:
    """Run Python instead of ffmpeg behind the same closed doors; return what it printed."""
    done = subprocess.run(
        [*CHILD, LIMITS % os.getpid(), sys.executable, "-I", "-c", code],
        capture_output=True,
        check=False,
        timeout=30,
        text=True,
    )
    return (done.stdout + done.stderr).strip()


def test_a_turned_video_is_measured_as_it_is_shown() -> None:
    with a_file(a_film(ending="mov", turned=90)) as file:
        facts = filming.measure(file, demuxer="mov")

    assert (facts.width_px, facts.height_px) == (180, 320)
    assert (facts.duration_ms, facts.frame_rate, facts.packet_count) == (2000, 25.0, 50)
    assert (facts.video_codec, facts.pixel_format, facts.audio_codec) == ("h264", "yuv420p", "aac")


@pytest.mark.parametrize(
    ("ending", "codec", "demuxer"),
    [("webm", "libvpx", "matroska"), ("mkv", "libx264", "matroska"), ("mp4", "mpeg4", "mov")],
)
def test_every_container_becomes_an_mp4_with_its_index_first(
    ending: str, codec: str, demuxer: str
) -> None:
    seen = []

    def note(done_ms: int) -> bool:
        seen.append(done_ms)
        return True

    with (
        a_file(a_film(ending=ending, codec=codec)) as file,
        tempfile.TemporaryFile() as target,
    ):
        frames = filming.make(file, target, demuxer=demuxer, plan=PLAN, on_progress=note)
        made = filming.measure(target, demuxer="mov")
        target.seek(0)
        content = target.read()

    assert frames == made.packet_count == 50
    assert (made.video_codec, made.audio_codec) == ("h264", "aac")
    assert (made.width_px, made.height_px) == (160, 90)
    assert content.index(b"moov") < content.index(b"mdat")
    assert seen[-1] == pytest.approx(2000, abs=100)


def test_a_picture_is_taken_from_the_middle_and_turned() -> None:
    with a_file(a_film(ending="mov", turned=90)) as file:
        png = filming.picture_at(file, demuxer="mov", at_ms=1000)

    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) < int.from_bytes(png[20:24])


def test_whoever_stops_it_is_told_so() -> None:
    with (
        a_file(a_film()) as file,
        tempfile.TemporaryFile() as target,
        pytest.raises(filming.Stopped),
    ):
        filming.make(file, target, demuxer="mov", plan=PLAN, on_progress=lambda _done: False)


@pytest.mark.parametrize(
    "film",
    [
        films.with_said_size(a_film(), 1280, 720),
        films.with_said_duration(a_film(ending="mkv"), 20),
        films.with_noise(a_film()),
        films.a_bomb(),
        a_film()[:8000],
    ],
    ids=["size", "duration", "codec", "bomb", "cut off"],
)
def test_a_header_that_lies_is_found_out(film: bytes) -> None:
    with a_file(film) as file:
        demuxer = "mov" if container_of(file) == "video/mp4" else "matroska"
        try:
            facts = filming.measure(file, demuxer=demuxer)
            reason = refusal_of(facts, said_size=said_size(file))
            filming.picture_at(file, demuxer=demuxer, at_ms=0)
        except filming.CannotFilm:
            reason = "broken"

    assert reason


def test_a_video_whose_pictures_end_in_noise_is_found_out_by_decoding() -> None:
    with (
        a_file(films.with_broken_end(a_film())) as file,
        tempfile.TemporaryFile() as target,
        pytest.raises(filming.CannotFilm),
    ):
        filming.make(file, target, demuxer="mov", plan=PLAN, on_progress=lambda _done: True)


@pytest.mark.parametrize(
    "playlist", [b"ffconcat version 1.0\nfile /etc/passwd\n", b"#EXTM3U\n/etc/passwd\n"]
)
def test_a_list_of_other_files_is_not_followed(playlist: bytes) -> None:
    with a_file(playlist) as file, pytest.raises(filming.CannotFilm):
        filming.measure(file, demuxer="mov")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux closes these doors")
@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "open('/tmp/loa-written', 'w')",
        "open('/dev/null', 'r+')",
        "import os; os.mkdir('/tmp/loa-made')",
        "import os; os.unlink('/etc/hostname')",
        "import os; os.rename('/tmp', '/tmp2')",
    ],
)
def test_behind_the_closed_doors_nothing_is_reached_or_written(code: str) -> None:
    assert "PermissionError" in confined(code)


def test_reading_its_own_libraries_stays_possible() -> None:
    assert confined("print(len(open('/proc/self/status').read()) > 0)") == "True"


def test_more_memory_than_a_video_needs_is_refused() -> None:
    assert "MemoryError" in confined("bytearray(4_000_000_000)")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_the_child_dies_with_its_parent() -> None:
    code = (
        "import os, subprocess, sys, time\n"
        f"limits = {LIMITS!r} % os.getpid()\n"
        f"child = subprocess.Popen([*{CHILD!r}, limits, '/bin/sleep', '60'])\n"
        "time.sleep(0.5)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert processes.program(pid)

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    def is_gone() -> bool:
        status = processes.program(pid)
        return not status

    assert processes.wait_until(is_gone, within_s=10)
