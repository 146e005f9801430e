"""A backup is whole or refused, and cannot write anywhere but where it belongs."""

import io
import tarfile
from pathlib import Path

import pytest

from loa.ops import archive
from loa.ops.archive import Manifest, NotABackup


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "abcd.jpg").write_bytes(b"a picture")
    (folder / "link.jpg").symlink_to("/etc/hostname")
    return folder


@pytest.fixture
def backup(tmp_path: Path, media: Path) -> Path:
    dump = tmp_path / "dump"
    dump.write_bytes(b"PGDMP and so on")
    file = tmp_path / "loa.backup"
    archive.write(
        file,
        manifest=a_manifest(dump),
        dump=dump,
        secrets={"master-keys": "word"},
        media=media,
    )
    return file


def a_manifest(dump: Path, *, format_number: int = archive.FORMAT) -> Manifest:
    return Manifest(
        format=format_number,
        loa_version="0.1.0",
        postgres_version="18.6",
        made_at="2026-11-22T12:00:00Z",
        keys=True,
        database_bytes=dump.stat().st_size,
        database_sha256=archive.sha256_of(dump),
    )


def contents(file: Path) -> dict[str, bytes]:
    return {str(member.path): member.read() for member in archive.read(file).members()}


def test_what_was_put_in_comes_out(backup: Path) -> None:
    assert archive.read(backup).manifest.made_at == "2026-11-22T12:00:00Z"
    assert contents(backup) == {
        "database.dump": b"PGDMP and so on",
        "secrets/master-keys": b"word",
        "media/ab/abcd.jpg": b"a picture",
    }


def test_a_backup_is_for_its_owner_alone_and_never_overwrites(backup: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"

    with pytest.raises(FileExistsError):
        archive.write(
            backup, manifest=a_manifest(dump), dump=dump, secrets={}, media=tmp_path / "none"
        )

    assert backup.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("kept_bytes", [0, 100, 700, 1024, 2000, 2048, 3072, 4096])
def test_a_backup_that_is_cut_short_anywhere_is_refused(backup: Path, kept_bytes: int) -> None:
    backup.write_bytes(backup.read_bytes()[:kept_bytes])

    with pytest.raises(NotABackup):
        contents(backup)


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(b"\xff\xd8" * 4000)

    with pytest.raises(NotABackup, match="no backup"):
        archive.read(picture)
    with pytest.raises(NotABackup, match="cannot be read"):
        archive.read(tmp_path / "nowhere")


def test_a_backup_of_a_newer_loa_says_so(tmp_path: Path, media: Path) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(b"x")
    file = tmp_path / "newer"
    manifest = a_manifest(dump, format_number=archive.FORMAT + 1)
    archive.write(file, manifest=manifest, dump=dump, secrets={}, media=media)

    with pytest.raises(NotABackup, match="newer"):
        archive.read(file)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "media/../../outside"])
def test_a_name_that_leads_out_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    forged = tmp_path / "forged"
    manifest = archive.read(backup).manifest.as_json()
    with tarfile.open(forged, "w") as tar:
        for path, content in (("manifest.json", manifest), (name, b"gotcha")):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))

    with pytest.raises(NotABackup, match="which no backup of Loa does"):
        contents(forged)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(backup: Path, tmp_path: Path, kind: bytes) -> None:
    forged = tmp_path / "forged"
    manifest = archive.read(backup).manifest.as_json()
    with tarfile.open(forged, "w") as tar:
        first = tarfile.TarInfo("manifest.json")
        first.size = len(manifest)
        tar.addfile(first, io.BytesIO(manifest))
        entry = tarfile.TarInfo("media/x")
        entry.type = kind
        entry.linkname = "manifest.json"
        tar.addfile(entry)

    with pytest.raises(NotABackup):
        contents(forged)
