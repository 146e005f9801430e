"""`loa up` starts everything, keeps it alive, and leaves nothing behind."""

import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from loa.ops import processes
from loa.site.tests.installation import Installation, Up, an_installation

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("up")]


@dataclass(frozen=True)
class FirstStart:
    """What a first start and its interruption were like."""

    place: Installation
    said: str
    code: int
    stop_took_s: float
    left_over: list[int]


@pytest.fixture(scope="module")
def first() -> Iterator[FirstStart]:
    """An installation that was started once and interrupted; the others begin with a copy."""
    with an_installation() as place:
        with place.up() as running:
            began = time.monotonic()
            running.process.send_signal(signal.SIGINT)
            code = running.process.wait(30)
            took_s = time.monotonic() - began
        yield FirstStart(place, running.said, code, took_s, place.family())


@pytest.fixture(scope="module")
def shared(first: FirstStart) -> Iterator[Up]:
    """A Loa that tests disturb, and that must be well again after each."""
    with an_installation(like=first.place.home) as place, place.up() as running:
        yield running


@pytest.fixture
def up(shared: Up) -> Up:
    assert processes.wait_until(shared.place.answers, within_s=20)
    return shared


def test_it_says_where_it_is_and_runs_everything(up: Up) -> None:
    assert f"http://127.0.0.1:{up.place.port}" in up.said
    assert all(up.member(word) for word in ("web", "work", "practice_network", "postgres"))
    assert up.place.answers("/sign-in/")


def test_a_second_start_on_the_same_folder_is_told_about_the_first(up: Up) -> None:
    second = up.place.run("up")

    assert second.returncode == 1
    assert f"process {up.process.pid}" in second.stderr
    assert f"http://127.0.0.1:{up.place.port}" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("word", ["web", "work", "practice_network", "postgres"])
def test_whoever_is_killed_comes_back(up: Up, word: str) -> None:
    victim = up.kill(word)

    assert up.comes_back(word, instead_of=victim)


def test_a_backup_can_be_made_while_it_runs(up: Up) -> None:
    file = up.place.home.parent / f"{up.place.home.name}.backup"
    try:
        made = up.place.run("backup", str(file))
        assert (made.returncode, made.stdout.strip()) == (0, str(file)), made.stderr
        assert file.stat().st_mode & 0o777 == 0o600
    finally:
        file.unlink(missing_ok=True)


def test_the_doctor_finds_a_running_loa_well(up: Up) -> None:
    report = up.place.run("doctor")

    lines = dict.fromkeys(report.stdout.splitlines())
    assert "ok     A worker is at work." in lines
    runs = f"ok     Loa runs (process {up.process.pid}) and answers on port {up.place.port}."
    assert runs in lines
    assert not [line for line in lines if line.startswith("wrong") and "front end" not in line]


def test_a_first_start_shows_what_it_does(first: FirstStart) -> None:
    assert "Making the database" in first.said
    assert "Bringing the database up to date" in first.said


def test_interrupting_it_stops_everything_within_seconds(first: FirstStart) -> None:
    assert first.code == 0
    assert first.stop_took_s < 10
    assert first.left_over == []
    assert "Loa has stopped." in first.said


def test_after_being_killed_it_starts_again_as_if_nothing_had_happened(
    first: FirstStart,
) -> None:
    with an_installation(like=first.place.home) as place:
        with place.up() as killed:
            killed.process.kill()
            killed.process.wait()
        ended = processes.wait_until(lambda: place.family() == [], within_s=15)
        with place.up() as again:
            well = place.answers()

    assert ended, "its children end with it"
    assert well
    assert "Making the database" not in again.said


def test_the_first_start_begins_to_fill_the_demo_and_a_stop_interrupts_it(
    first: FirstStart,
) -> None:
    with an_installation(like=first.place.home) as place:
        with place.up(LOA_DEMO="1") as running:
            fills = processes.wait_until(lambda: bool(running.member("demo")), within_s=10)
        marked = (place.home / "demo-filled").exists()
        left_over = place.family()

    assert fills
    assert "Filling the demo" in running.said
    assert not marked, "what was interrupted is taken up by the next start"
    assert left_over == []


def test_a_taken_port_is_a_sentence_with_a_way_out() -> None:
    with an_installation() as place, socket.socket() as other:
        other.bind(("127.0.0.1", place.port))
        other.listen(1)

        refused = place.run("up")

    assert refused.returncode == 1
    assert f"Port {place.port} is taken" in refused.stderr
    assert "LOA_PORT=" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_cannot_be_made_is_a_sentence() -> None:
    with an_installation() as place:
        (place.home / "file").write_text("not a folder")

        refused = place.run("up", LOA_HOME=str(place.home / "file" / "home"))

    assert refused.returncode == 1
    assert "cannot be made" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_setting_that_cannot_be_used_is_a_sentence() -> None:
    with an_installation() as place:
        refused = place.run("up", LOA_PORT="eighty")

    assert refused.returncode == 1
    assert refused.stderr == "LOA_PORT='eighty' is not a whole number.\n"


def test_a_database_that_does_not_answer_is_a_sentence() -> None:
    with an_installation() as place:
        refused = place.run("migrate", DATABASE_URL="postgresql://loa:secret@127.0.0.1:1/loa")

    assert refused.returncode == 1
    assert "The database does not answer" in refused.stderr
    assert "secret" not in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("word", ["web", "work"])
def test_one_process_alone_says_that_it_needs_a_database(word: str) -> None:
    with an_installation() as place:
        refused = place.run(word)

    assert refused.returncode == 1
    assert "found no database" in refused.stderr


def test_the_parent_stays_small(up: Up) -> None:
    """It imports none of the product: what only pages need stays out of it."""
    proc = Path(f"/proc/{up.process.pid}")

    lines = (proc / "smaps_rollup").read_text().splitlines()
    pss_kb = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    libraries = (proc / "maps").read_text()

    assert pss_kb < 30_000
    assert "psycopg" not in libraries
    assert "granian" not in libraries
