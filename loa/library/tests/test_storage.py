"""Both places for files keep the same promises: a folder, and a bucket on a real server."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from loa.connectors.contract import ImageRules
from loa.library import actions, storage
from loa.library.queries import media_for
from loa.library.storage import probing
from loa.library.tests.pictures import a_noisy_picture, a_picture
from loa.library.tests.test_uploads import Attachment
from loa.ops.buckets import BucketAddress, media_bucket
from loa.ops.environment import WrongSetting
from tests.bakery import Bakery, riverside_bakery
from tests.cast import signed_in
from tests.plugins.bucket import out_of_reach

pytestmark = pytest.mark.django_db
JPEG = "image/jpeg"


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return str(request.param)


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def keep(content: bytes, *, workspace_id: int = 7) -> str:
    return storage.keep(content, workspace_id=workspace_id, mime_type=JPEG)


@pytest.mark.usefixtures("place")
def test_what_is_kept_is_read_back_from_any_place_in_it() -> None:
    content = os.urandom(3_000_000)

    key = keep(content)

    with storage.open_file(key) as file:
        assert file.read() == content
        file.seek(2_999_990)
        assert file.read(100) == content[-10:]
        file.seek(-5, os.SEEK_END)
        assert (file.tell(), file.read()) == (2_999_995, content[-5:])
    with storage.on_disk(key) as file:
        assert file.read() == content


@pytest.mark.usefixtures("place")
def test_whoever_is_killed_with_a_file_in_hand_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    key = keep(b"loaf")
    before = set(tmp_path.rglob("*"))

    with storage.on_disk(key) as file:
        assert os.fstat(file.fileno()).st_size == 4
        assert set(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("place")
def test_the_same_bytes_are_kept_once_per_workspace() -> None:
    keys = {keep(b"loaf"), keep(b"loaf"), keep(b"loaf", workspace_id=8), keep(b"roll")}

    assert {one.key for one in storage.listing()} == keys
    assert len(keys) == 3


@pytest.mark.usefixtures("place")
def test_a_large_file_goes_in_and_out_in_pieces(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.write(b"start")
        file.truncate(30_000_000)
        file.seek(0, os.SEEK_END)
        file.write(b"end")

    with large.open("rb") as file:
        key = storage.keep_file(file, workspace_id=7, mime_type=JPEG)

    with large.open("rb") as before, storage.open_file(key) as after:
        assert storage.digest(before) == storage.digest(after)
        assert before.tell() == after.tell() == 30_000_003


@pytest.mark.usefixtures("place")
def test_what_was_cut_short_is_written_anew() -> None:
    key = keep(b"a whole loaf")
    storage.home().put(key, BytesIO(b"half"))

    assert keep(b"a whole loaf") == key
    with storage.open_file(key) as file:
        assert file.read() == b"a whole loaf"


@pytest.mark.usefixtures("place")
def test_what_is_removed_is_gone_and_removing_again_is_harmless() -> None:
    key = keep(b"loaf")

    storage.remove(key)
    storage.remove(key)

    assert not storage.exists(key)
    with pytest.raises(storage.FileMissing):
        storage.open_file(key)
    with pytest.raises(storage.FileMissing), storage.on_disk(key):
        raise AssertionError("there is nothing")


@pytest.mark.parametrize("key", ["../secrets/master-keys", "/etc/passwd", "7/../../x", "7//x", ""])
@pytest.mark.usefixtures("place")
def test_a_key_that_leads_elsewhere_opens_nothing(key: str) -> None:
    for act in (storage.open_file, storage.exists, storage.remove):
        with pytest.raises(ValueError, match="not a key"):
            act(key)


@pytest.mark.usefixtures("place")
def test_a_probe_finds_a_sound_storage_and_leaves_nothing() -> None:
    probing.probe()

    assert list(storage.listing()) == []


@pytest.mark.usefixtures("place")
def test_a_picture_travels_through_the_place_to_a_page_and_a_platform(bakery: Bakery) -> None:
    small = ImageRules(4, 20_000, (JPEG,), 1500)
    with bakery.inside():
        content = BytesIO(a_noisy_picture(500, 300))
        asset = actions.keep_upload(content, filename="oven.png", by=bakery.ben)
        (media,) = media_for((Attachment(asset.pk),), workspace=bakery.workspace, rules=small)
    where = reverse("library:show-file", args=[bakery.workspace.slug, asset.pk, "original"])

    answer = signed_in(bakery.chloe).get(where)

    assert len(b"".join(answer.streaming_content)) == asset.size_bytes  # type: ignore[attr-defined]
    with media.open() as file:
        assert len(file.read()) == media.size_bytes <= 20_000


@pytest.mark.usefixtures("place")
def test_a_player_gets_the_range_it_asks_for(bakery: Bakery) -> None:
    with bakery.inside():
        asset = actions.keep_upload(BytesIO(a_picture()), filename="x.jpg", by=bakery.ben)
        with storage.open_file(asset.storage_key) as file:
            content = file.read()
    where = reverse("library:show-file", args=[bakery.workspace.slug, asset.pk, "original"])
    ask = signed_in(bakery.chloe).get
    size = len(content)

    def got(asked: str) -> tuple[int, str, bytes]:
        answer = ask(where, headers={"Range": asked})
        body = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, answer.headers.get("Content-Range", ""), body

    assert got("bytes=0-9") == (206, f"bytes 0-9/{size}", content[:10])
    assert got(f"bytes={size - 3}-") == (206, f"bytes {size - 3}-{size - 1}/{size}", content[-3:])
    assert got("bytes=-4") == (206, f"bytes {size - 4}-{size - 1}/{size}", content[-4:])
    assert got(f"bytes=5-{size * 9}")[2] == content[5:]
    assert got(f"bytes={size}-") == (416, f"bytes */{size}", b"")
    assert got("bytes=0-1,5-6") == got("lines=1-2") == got("bytes=9-3") == (200, "", content)


# --- when it does not work ----------------------------------------------------------------


def test_a_full_disk_is_said_and_leaves_no_half_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(shutil, "copyfileobj", _full)

    with pytest.raises(storage.StorageFull):
        keep(b"loaf")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_folder_that_may_not_be_written_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    settings.MEDIA_ROOT = tmp_path / "media"

    with pytest.raises(storage.StorageError):
        probing.probe()


def test_a_bucket_out_of_reach_or_not_there_is_told_apart(
    bucket: BucketAddress, settings: Settings
) -> None:
    key = keep(b"loaf")

    settings.MEDIA_BUCKET = media_bucket(
        "s3://no-such-bucket",
        endpoint=bucket.endpoint,
        region="us-east-1",
        key_id="k",
        secret="s",
        path_style=True,
    )
    with pytest.raises(storage.StorageRefused, match="no bucket"):
        keep(b"loaf")

    settings.MEDIA_BUCKET = out_of_reach(bucket)
    acts: list[Callable[[], object]] = [
        lambda: storage.exists(key),
        lambda: storage.open_file(key),
        lambda: storage.remove(key),
        lambda: list(storage.listing()),
        lambda: keep(b"loaf"),
    ]
    for act in acts:
        with pytest.raises(storage.StorageUnreachable):
            act()


def test_an_upload_during_an_outage_is_refused_with_a_sentence_and_works_afterwards(
    bucket: BucketAddress, settings: Settings, bakery: Bakery
) -> None:
    client = signed_in(bakery.ben)
    where = reverse("library:upload-assets", args=[bakery.workspace.slug])

    def send() -> tuple[int, str]:
        file = BytesIO(a_picture())
        file.name = "loaf.jpg"
        answer = client.post(where, {"file": file}, headers={"HX-Request": "true"})
        return answer.status_code, answer.content.decode()

    settings.MEDIA_BUCKET = out_of_reach(bucket)
    status, words = send()
    settings.MEDIA_BUCKET = bucket

    assert status == 422
    assert "does not answer, so “loaf.jpg” was not kept" in words
    assert send()[0] == 200


def test_a_picture_is_not_shown_while_the_bucket_is_away(
    bucket: BucketAddress, settings: Settings, bakery: Bakery
) -> None:
    with bakery.inside():
        asset = actions.keep_upload(BytesIO(a_picture()), filename="x.jpg", by=bakery.ben)
    where = reverse("library:show-file", args=[bakery.workspace.slug, asset.pk, "original"])

    settings.MEDIA_BUCKET = out_of_reach(bucket)

    assert signed_in(bakery.chloe).get(where).status_code == 503


# --- settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "https://s3.example/media"},
        {"url": "s3://"},
        {"url": "s3://media", "endpoint": "s3.example"},
        {"url": "s3://media", "key_id": "only-half"},
    ],
)
def test_a_wrong_address_of_a_bucket_stops_the_start_with_a_sentence(wrong: dict[str, str]) -> None:
    given = {"endpoint": "", "region": "r", "key_id": "", "secret": ""} | wrong

    with pytest.raises(WrongSetting, match="LOA_MEDIA_"):
        media_bucket(given.pop("url"), path_style=True, **given)


def test_the_secret_of_a_bucket_is_never_shown(bucket: BucketAddress) -> None:
    assert bucket.secret not in f"{bucket} {bucket!r}"
    assert str(bucket) == f"s3://{bucket.bucket}/loa"
