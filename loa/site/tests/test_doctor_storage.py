"""The doctor tries the place where media lie, and says what to mend."""

from pathlib import Path

from pytest_django import Settings

from loa.ops.buckets import BucketAddress
from loa.site.doctor import product
from loa.site.doctor.outcome import Level, Outcome
from tests.plugins.bucket import out_of_reach


def look() -> Outcome:
    (found,) = (one for one in product.check(database_is_sound=False) if "edia" in one.sentence)
    return found


def test_a_sound_folder_and_a_sound_bucket_are_well(
    bucket: BucketAddress, settings: Settings, tmp_path: Path
) -> None:
    in_bucket = look()
    settings.MEDIA_BUCKET, settings.MEDIA_ROOT = None, tmp_path

    assert (in_bucket.level, look().level) == (Level.OK, Level.OK)
    assert str(bucket) in in_bucket.sentence
    assert list(tmp_path.rglob("*.*")) == []


def test_a_bucket_that_does_not_answer_is_wrong_and_its_secret_is_not_shown(
    bucket: BucketAddress, settings: Settings
) -> None:
    settings.MEDIA_BUCKET = out_of_reach(bucket)

    found = look()

    assert found.level == Level.WRONG
    assert "does not answer" in found.sentence
    assert bucket.secret not in found.sentence


def test_a_folder_that_cannot_be_written_is_wrong(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("not a folder")

    assert look().level == Level.WRONG
