"""A file that arrives in pieces is whole in the end, or is not taken."""

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from loa.library.models import Asset, Upload
from loa.library.rules.uploading import NoRoom, Room, why_not
from loa.library.storage import parts
from loa.library.tests.pictures import SVG, a_noisy_picture, a_picture
from loa.library.tests.sending import Sender
from loa.ops.buckets import BucketAddress
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.plugins.bucket import out_of_reach

pytestmark = pytest.mark.django_db
PICTURE = a_noisy_picture(60, 60)


@pytest.fixture(autouse=True)
def uploads_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


@pytest.fixture
def ben(bakery: Bakery) -> Sender:
    return Sender.of(bakery.ben)


def assets(bakery: Bakery) -> list[str]:
    with bakery.inside():
        return list(Asset.objects.order_by("pk").values_list("filename", flat=True))


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_a_file_sent_in_pieces_becomes_an_asset_and_leaves_nothing_behind(
    bakery: Bakery, ben: Sender, uploads_folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = ben.all_of("Bánh mì.png", PICTURE)

    assert (answer.status_code, assets(bakery)) == (200, ["Bánh mì.png"])
    assert "data-asset" in answer.content.decode()
    assert left(uploads_folder) == []


def test_a_broken_upload_goes_on_where_it_stopped(bakery: Bakery, ben: Sender) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE[:4000], at=0)

    again = ben.begin("loaf.png", len(PICTURE))

    assert (again.status_code, again.headers["Location"]) == (200, where)
    assert again.headers["Upload-Offset"] == "4000"
    assert ben.piece(where, PICTURE[4000:], at=4000).status_code == 204
    assert ben.take(where, PICTURE).status_code == 200
    assert assets(bakery) == ["loaf.png"]


def test_another_file_of_the_same_name_begins_anew(ben: Sender) -> None:
    first = ben.begin("loaf.png", 500).headers["Location"]

    larger = ben.begin("loaf.png", 501).headers["Location"]
    changed = ben.begin("loaf.png", 500, modified_ms=6).headers["Location"]

    assert len({first, larger, changed}) == 3


def test_a_piece_in_the_wrong_place_is_told_where_the_next_one_belongs(ben: Sender) -> None:
    where = ben.begun("loaf.png", 3000)
    ben.piece(where, b"a" * 1000, at=0)

    again = ben.piece(where, b"a" * 1000, at=0)
    ahead = ben.piece(where, b"b" * 1000, at=2000)

    for answer in (again, ahead):
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "1000")


def test_nothing_is_taken_before_all_of_it_is_here(bakery: Bakery, ben: Sender) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE[:-1], at=0)

    answer = ben.take(where, PICTURE)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(len(PICTURE) - 1))
    assert assets(bakery) == []


def test_taking_it_again_gives_the_same_asset(bakery: Bakery, ben: Sender) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE, at=0)

    first, second = ben.take(where, PICTURE), ben.take(where, PICTURE)

    assert first.content == second.content
    assert len(assets(bakery)) == 1


# --- lies -----------------------------------------------------------------------------------


def test_more_than_was_announced_is_refused_and_changes_nothing(ben: Sender) -> None:
    where = ben.begun("loaf.png", 1000)

    too_long = ben.piece(where, b"x" * 1001, at=0)
    ben.piece(where, b"x" * 900, at=0)
    beyond = ben.piece(where, b"x" * 200, at=900)

    assert (too_long.status_code, beyond.status_code) == (413, 413)
    assert ben.offset(where) == 900


def test_a_piece_without_its_length_or_place_is_refused(ben: Sender) -> None:
    where = ben.begun("loaf.png", 1000)

    for at in ("", "-1", "1e3", "٣", "9" * 40):
        answer = ben.client.patch(where, b"x", headers={"Upload-Offset": at})
        assert answer.status_code == 400, at
    assert ben.offset(where) == 0


@pytest.mark.parametrize("size", ["-5", "many", "", str(2**70)])
def test_a_size_that_is_none_is_refused(ben: Sender, size: str) -> None:
    assert ben.begin("loaf.png", size).status_code == 400  # type: ignore[arg-type]


def test_an_empty_file_is_refused_with_a_sentence(ben: Sender) -> None:
    answer = ben.begin("loaf.png", 0)

    assert answer.status_code == 422
    assert "“loaf.png” is an empty file" in answer.content.decode()


def test_a_file_damaged_on_its_way_is_sent_anew(bakery: Bakery, ben: Sender) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE[:-1] + b"?", at=0)

    damaged = ben.take(where, PICTURE)
    ben.piece(where, PICTURE, at=0)

    assert (damaged.status_code, damaged.headers["Upload-Offset"]) == (409, "0")
    assert ben.take(where, PICTURE).status_code == 200
    assert assets(bakery) == ["loaf.png"]


def test_a_part_that_changed_on_the_disk_is_not_taken(
    bakery: Bakery, ben: Sender, uploads_folder: Path
) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE, at=0)
    (part,) = uploads_folder.iterdir()
    part.write_bytes(PICTURE[:-1] + b"?")

    assert ben.take(where, PICTURE).status_code == 409
    assert assets(bakery) == []


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "/abs.png", "..\\win.png"])
def test_a_name_that_leads_elsewhere_writes_nowhere_else(
    bakery: Bakery, ben: Sender, name: str, tmp_path: Path
) -> None:
    ben.all_of(name, PICTURE)

    for filename in assets(bakery):
        assert "/" not in filename
        assert "\\" not in filename
    files = {path.parent for path in tmp_path.rglob("*") if path.is_file()}
    assert all(one.is_relative_to(tmp_path / "media") or one.name == "uploads" for one in files)


def test_what_a_file_is_its_content_says(bakery: Bakery, ben: Sender) -> None:
    ben.all_of("photo.txt", a_picture(kind="PNG"))

    assert assets(bakery) == ["photo.png"]


def test_a_type_nobody_takes_is_refused_at_its_first_piece(ben: Sender) -> None:
    where = ben.begun("drawing.jpg", 90_000_000)

    answer = ben.piece(where, SVG, at=0)

    assert answer.status_code == 422
    assert "is an SVG drawing" in answer.content.decode()
    assert ben.client.head(where).status_code == 404


def test_a_picture_announced_too_large_is_refused_at_its_first_piece(
    ben: Sender, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 50_000
    where = ben.begun("huge.png", 50_001)

    answer = ben.piece(where, PICTURE[:5000], at=0)

    assert answer.status_code == 422
    assert "is larger than" in answer.content.decode()


def test_a_file_that_cannot_be_decoded_is_refused_and_gone(bakery: Bakery, ben: Sender) -> None:
    broken = PICTURE[:2000] + b"?" * (len(PICTURE) - 2000)

    answer = ben.all_of("loaf.png", broken)

    assert answer.status_code == 422
    assert "damaged" in answer.content.decode()
    with bakery.inside():
        assert not Upload.objects.exists()


# --- whose ---------------------------------------------------------------------------------


def test_nobody_elses_upload_is_to_be_seen_changed_or_dropped(bakery: Bakery, ben: Sender) -> None:
    where = ben.begun("loaf.png", 1000)
    others = elsewhere()

    for stranger in (Sender.of(bakery.ana), Sender.of(others.ben)):
        inside = where.replace(f"/w/{ben.slug}/", f"/w/{stranger.slug}/")
        for address in {where, inside}:
            assert stranger.client.head(address).status_code == 404
            assert stranger.piece(address, b"x", at=0).status_code == 404
            assert stranger.take(address, b"x").status_code == 404
            assert stranger.client.delete(address).status_code == 404
            assert stranger.client.post(f"{address}drop/").status_code == 404
    assert ben.offset(where) == 0


def test_who_may_not_compose_may_not_upload(bakery: Bakery) -> None:
    assert Sender.of(bakery.chloe).begin("loaf.png", 100).status_code == 403


def test_an_upload_can_be_given_up(bakery: Bakery, ben: Sender) -> None:
    first, second = ben.begun("one.png", 1000), ben.begun("two.png", 1000)

    assert ben.client.delete(first).status_code == 204
    assert ben.client.post(f"{second}drop/").status_code == 302

    with bakery.inside():
        assert not Upload.objects.exists()


# --- how much ------------------------------------------------------------------------------


def test_a_full_quota_is_said_and_frees_itself(
    bakery: Bakery, ben: Sender, settings: Settings
) -> None:
    settings.UPLOAD_IN_PIECES_MAX_BYTES = 900
    settings.UNFINISHED_MEMBER_MAX_BYTES = 1000
    settings.UNFINISHED_MAX_BYTES = 1500
    where = ben.begun("one.png", 800)

    huge, mine = ben.begin("huge.png", 901), ben.begin("two.png", 800)
    theirs = Sender.of(bakery.ana).begin("three.png", 800)

    assert [one.status_code for one in (huge, mine, theirs)] == [413, 413, 413]
    assert "is larger than 900" in huge.content.decode()
    assert "one of your unfinished uploads" in mine.content.decode()
    assert "in this workspace" in theirs.content.decode()
    ben.client.delete(where)
    assert ben.begin("two.png", 800).status_code == 201
    assert why_not(1, room=Room(1, 1, 1), by_member=1, in_workspace=1) is NoRoom.MEMBER


def test_an_upload_begins_only_where_the_disk_has_room(
    ben: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(free=parts.KEEP_FREE_BYTES + 999)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert ben.begin("small.png", 999).status_code == 201
    refused = ben.begin("large.png", 1000)

    assert refused.status_code == 507
    assert "no room left for “large.png”" in refused.content.decode()


def test_a_disk_that_fills_up_keeps_what_came_before_and_goes_on_later(
    ben: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE[:2000], at=0)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        refused = ben.piece(where, PICTURE[2000:], at=2000)

    assert refused.status_code == 507
    assert ben.offset(where) == 2000
    assert ben.piece(where, PICTURE[2000:], at=2000).status_code == 204
    assert ben.take(where, PICTURE).status_code == 200


def test_a_bucket_that_is_away_can_take_the_file_later(
    bakery: Bakery, ben: Sender, bucket: BucketAddress, settings: Settings
) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE, at=0)

    settings.MEDIA_BUCKET = out_of_reach(bucket)
    refused = ben.take(where, PICTURE)
    settings.MEDIA_BUCKET = bucket

    assert refused.status_code == 503
    assert "does not answer" in refused.content.decode()
    assert ben.take(where, PICTURE).status_code == 200
    assert assets(bakery) == ["loaf.png"]
