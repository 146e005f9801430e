"""Uploads that time, crashes and other tabs meddle with."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from loa.library import actions
from loa.library.models import Asset, Upload
from loa.library.storage import parts
from loa.library.tests.pictures import a_noisy_picture
from loa.library.tests.sending import Sender
from loa.ops import clock
from tests.bakery import Bakery, riverside_bakery
from tests.races import at_once

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


# --- time passes --------------------------------------------------------------------------


def test_a_part_that_is_lost_is_sent_from_its_start(ben: Sender, uploads_folder: Path) -> None:
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE[:2000], at=0)
    (part,) = uploads_folder.iterdir()
    part.unlink()

    assert ben.offset(where) == 0
    assert ben.piece(where, PICTURE, at=0).status_code == 204
    assert ben.take(where, PICTURE).status_code == 200


def test_given_up_uploads_and_leftovers_go_and_what_is_alive_stays(
    bakery: Bakery, ben: Sender, uploads_folder: Path
) -> None:
    old, alive = ben.begun("old.png", 3000), ben.begun("alive.png", 3000)
    for where in (old, alive):
        ben.piece(where, b"x" * 1000, at=0)
    long_ago = clock.now() - actions.FORGOTTEN_AFTER - timedelta(seconds=1)
    with bakery.inside():
        Upload.objects.filter(filename="old.png").update(touched_at=long_ago)
        alive_part = Upload.objects.get(filename="alive.png").part
    for name in ("a" * 32, "b" * 32, alive_part):
        (uploads_folder / name).write_bytes(b"x" * 1000)
    for name in ("a" * 32, alive_part):
        os.utime(uploads_folder / name, (1, 1))

    assert actions.forget_uploads() == 1

    assert ben.client.head(old).status_code == 404
    assert ben.offset(alive) == 1000
    there = {path.name for path in uploads_folder.iterdir()}
    assert {alive_part, "b" * 32} <= there
    assert "a" * 32 not in there


# --- at the same time ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_piece_corrupt_nothing(bakery: Bakery) -> None:
    senders = [Sender.of(bakery.ben) for _ in range(4)]
    where = senders[0].begun("loaf.png", len(PICTURE))
    step = 2000

    for at in range(0, len(PICTURE), step):
        answers = at_once(
            *(
                lambda one=one, at=at: one.piece(where, PICTURE[at : at + step], at=at).status_code
                for one in senders
            )
        )
        assert sorted(map(str, answers)) == ["204", "409", "409", "409"]
    taken = at_once(*(lambda one=one: one.take(where, PICTURE).content for one in senders))

    assert len(set(taken)) == 1
    assert assets(bakery) == ["loaf.png"]


@pytest.mark.django_db(transaction=True)
def test_many_beginnings_at_once_do_not_exceed_the_quota(
    bakery: Bakery, settings: Settings
) -> None:
    settings.UNFINISHED_MEMBER_MAX_BYTES = 2500
    senders = [Sender.of(bakery.ben) for _ in range(6)]

    answers = at_once(
        *(
            lambda one=one, n=n: one.begin(f"{n}.png", 1000).status_code
            for n, one in enumerate(senders)
        )
    )

    assert sorted(map(str, answers)) == ["201", "201", "413", "413", "413", "413"]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_between_disk_and_database_leaves_a_sound_upload(
    bakery: Bakery, uploads_folder: Path
) -> None:
    ben = Sender.of(bakery.ben)
    where = ben.begun("loaf.png", len(PICTURE))
    ben.piece(where, PICTURE[:2000], at=0)
    (part,) = uploads_folder.iterdir()
    with part.open("ab") as file:  # written, and never committed
        file.write(b"?" * 5000)

    assert ben.offset(where) == 2000
    assert ben.piece(where, PICTURE[2000:], at=2000).status_code == 204
    assert ben.take(where, PICTURE).status_code == 200


def test_a_source_that_breaks_is_the_end_of_a_piece_and_no_failure() -> None:
    class Breaking(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the line broke")
            return super().read(size)

    with parts.spooled(Breaking(b"x" * 200_000), most_bytes=200_000) as (_, came):
        assert came == parts.COPY_BYTES
