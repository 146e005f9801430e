"""The embedded server keeps what it was given, through every way of dying."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from loa.ops import processes
from loa.ops.postgres import account, leftovers
from loa.ops.postgres.errors import DatabaseUnavailable
from loa.ops.postgres.server import Server
from loa.ops.postgres.tests.conftest import a_folder


def write_a_row(server: Server) -> None:
    with psycopg.connect(server.url("loa_owner")) as owner:
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('bánh mì')")


def kept_row(server: Server) -> Any:
    with psycopg.connect(server.url("loa_app")) as app:
        return app.execute("SELECT word FROM kept").fetchone()


def test_the_product_can_use_the_schema_but_not_change_it(server: Server) -> None:
    server.start()
    write_a_row(server)

    with psycopg.connect(server.url("loa_app"), autocommit=True) as app:
        app.execute("UPDATE kept SET word = 'phở'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (word text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE kept")
        names = app.execute("SELECT extname FROM pg_extension").fetchall()
        found = app.execute("SELECT 'cà phê' = unaccent('cà phê')").fetchone()

    assert {("unaccent",), ("pg_trgm",), ("btree_gist",)} <= set(names)
    assert found == (False,)


def test_only_a_password_lets_in_and_only_through_the_private_socket(server: Server) -> None:
    server.start()

    with psycopg.connect(server.url("postgres", database="postgres")) as superuser:
        listens = superuser.execute("SHOW listen_addresses").fetchone()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url("loa_app").replace("loa_app:", "loa_app:wrong"))
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host=str(server.folder.socket), user="postgres", dbname="postgres")

    assert listens == ("",)
    assert server.folder.socket.stat().st_mode & 0o777 == 0o700


def test_text_is_utf8_and_pages_carry_checksums(server: Server) -> None:
    server.start()

    with psycopg.connect(server.url("loa_app")) as app:
        database = app.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale,"
            " current_setting('data_checksums') FROM pg_database WHERE datname = 'loa'"
        ).fetchone()
        lower = app.execute("SELECT lower('ĐƯỜNG PHỐ')").fetchone()

    assert database == ("UTF8", "b", "C.UTF-8", "on")
    assert lower == ("đường phố",)


def test_a_killed_server_starts_again_with_what_was_committed(place: Path) -> None:
    server = Server(a_folder(place))
    server.start()
    write_a_row(server)
    busy = psycopg.connect(server.url("loa_app"))
    busy.pgconn.send_query(b"SELECT pg_sleep(60)")
    assert server.process is not None

    server.process.kill()
    server.process.wait()
    died = server.poll()
    server.start()

    assert died == -signal.SIGKILL
    assert kept_row(server) == ("bánh mì",)
    busy.close()
    server.stop()
    assert leftovers.running(server.folder) == []


def test_a_server_left_by_an_earlier_loa_is_stopped_before_the_next_start(place: Path) -> None:
    said: list[str] = []
    earlier = Server(a_folder(place), durable=False)
    earlier.start()
    write_a_row(earlier)
    orphan = earlier.process
    assert orphan is not None

    later = Server(earlier.folder, durable=False, say=said.append)
    later.start()

    assert orphan.wait(1) == 0
    assert kept_row(later) == ("bánh mì",)
    assert "left behind" in said[0]
    later.stop()


SUPERVISOR = """
import sys, time
from pathlib import Path
from loa.ops.postgres.folder import Folder
from loa.ops.postgres.server import Server
path = Path(sys.argv[1])
roles = ("postgres", "loa_owner", "loa_app")
server = Server(Folder(path, path / "socket", {role: "secret" for role in roles}))
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the tie to the parent is Linux's own")
def test_the_server_stops_cleanly_when_its_supervisor_is_killed(place: Path) -> None:
    command = [sys.executable, "-c", SUPERVISOR, str(place / "postgres")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        postmaster = int(supervisor.stdout.readline())

        supervisor.kill()

    gone = processes.wait_until(lambda: processes.program(postmaster) == "", within_s=10)
    log = (place / "postgres" / "server.log").read_text()
    assert gone
    assert log.rstrip().endswith("database system is shut down")


def test_a_process_id_that_now_belongs_to_another_program_is_not_believed(place: Path) -> None:
    server = Server(a_folder(place))
    server.start()
    write_a_row(server)
    server.stop(first=signal.SIGKILL)
    runs_as = account.for_data(server.folder.data)
    stranger = subprocess.Popen(
        ["/bin/sleep", "60"], user=runs_as.uid if runs_as else None, cwd="/"
    )
    pid_file = server.folder.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines() if pid_file.exists() else ["", "", "0", "5432"]
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

    server.start()

    assert kept_row(server) == ("bánh mì",)
    assert stranger.poll() is None, "a stranger's process is left alone"
    stranger.kill()
    stranger.wait()
    server.stop()


def test_the_server_answers_for_itself(server: Server) -> None:
    server.start()
    psql = str(server.binary("psql"))
    url = server.url("postgres", database="postgres")

    ours = leftovers.answers(server.folder, url, psql=psql)
    server.stop()
    nobody = leftovers.answers(server.folder, url, psql=psql)

    assert (ours, nobody) == (True, False)


def test_data_of_another_major_version_is_refused_in_a_sentence(server: Server) -> None:
    server.start()
    server.stop()
    (server.folder.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL 17.* PostgreSQL 18"):
        server.start()


def test_a_first_start_that_died_halfway_is_repeated(server: Server) -> None:
    (server.folder.path / "data.new-1" / "base").mkdir(parents=True)
    server.folder.path.chmod(0o700)
    runs_as = account.for_data(server.folder.data)
    if runs_as:
        os.chown(server.folder.path, runs_as.uid, runs_as.gid)

    server.start()

    assert not list(server.folder.path.glob("*.new-*"))


def test_a_second_start_is_quick(server: Server) -> None:
    server.start()
    server.stop()

    began = time.monotonic()
    server.start()

    assert time.monotonic() - began < 2
