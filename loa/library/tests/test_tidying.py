"""Files that no row names go; all others stay, whoever uploads meanwhile."""

import os
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from pytest_django import Settings

from loa.library import actions, storage
from loa.library.actions import tidying
from loa.library.models import Asset, Rendition
from loa.library.tests.pictures import a_picture
from loa.ops import clock
from loa.ops.buckets import BucketAddress
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.races import at_once

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
JPEG = "image/jpeg"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def keep(bakery: Bakery, content: bytes) -> Asset:
    with bakery.inside():
        return actions.keep_upload(BytesIO(content), filename="loaf.jpg", by=bakery.ben)


def make_old(media: Path) -> None:
    for path in media.rglob("*"):
        os.utime(path, (1_000_000, 1_000_000))


def tidied(*words: str) -> list[str]:
    out = StringIO()
    call_command("tidy_media", *words, stdout=out, stderr=StringIO())
    return [line.partition("\t")[0] for line in out.getvalue().splitlines()]


def test_what_no_row_names_goes_and_what_a_row_of_any_workspace_names_stays(
    bakery: Bakery, media: Path
) -> None:
    keep(bakery, a_picture())
    keep(elsewhere(), a_picture(70, 70))
    named = {one.key for one in storage.listing()}
    orphan = storage.keep(b"orphan", workspace_id=7, mime_type=JPEG)
    (media / "7" / ".half-written.abc").write_bytes(b"half")
    make_old(media)

    assert set(tidied("--dry-run")) == {orphan, "7/.half-written.abc"}
    assert storage.exists(orphan)
    assert set(tidied()) == {orphan, "7/.half-written.abc"}
    assert {one.key for one in storage.listing()} == named
    assert len(named) == 6


def test_what_is_young_stays(media: Path) -> None:
    storage.keep(b"orphan", workspace_id=7, mime_type=JPEG)

    assert tidied("--days", "1") == []
    make_old(media)
    storage.keep(b"orphan", workspace_id=7, mime_type=JPEG)  # again: it counts as new

    assert tidied("--days", "1") == []
    with pytest.raises(CommandError):
        tidied("--days", "0")
    with pytest.raises(ValueError, match="younger"):
        list(actions.tidy_media(older_than=timedelta(hours=1), dry_run=True))


def test_a_bucket_is_tidied_too(
    bucket: BucketAddress,  # noqa: ARG001 (media lie there)
    bakery: Bakery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(bakery, a_picture())
    orphan = storage.keep(b"orphan", workspace_id=7, mime_type=JPEG)
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert [one.key for one in actions.tidy_media(older_than=WEEK, dry_run=False)] == [orphan]
    assert not storage.exists(orphan)


def test_every_column_that_names_a_file_is_known() -> None:
    named = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if "storage" in field.name or field.name.endswith("file_key")
    }

    assert named == {(model, tidying.KEY) for model in tidying.naming_models()}
    assert {Asset, Rendition} <= set(tidying.naming_models())


@pytest.mark.django_db(transaction=True)
def test_an_upload_of_a_file_that_is_being_tidied_always_has_its_file(
    bakery: Bakery, media: Path
) -> None:
    content = a_picture()
    for _ in range(12):
        asset = keep(bakery, content)
        with bakery.inside():
            Asset.objects.all().delete()  # and with it all that names the files
        make_old(media)

        _, asset = at_once(  # type: ignore[assignment]
            lambda: list(actions.tidy_media(older_than=WEEK, dry_run=False)),
            lambda: keep(bakery, content),
        )

        with bakery.inside():
            keys = {asset.storage_key, *Rendition.objects.values_list("storage_key", flat=True)}
        assert len(keys) == 3
        assert all(storage.exists(key) for key in keys)
