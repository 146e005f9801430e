"""What happens to a file that somebody sends."""

import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from PIL import Image
from pytest_django import Settings

from loa.connectors.contract import ImageRules
from loa.library import actions, storage
from loa.library.imaging import CannotDecode
from loa.library.models import Asset, Rendition
from loa.library.queries import AssetMissing, facts_of, media_for, offered
from loa.library.rules.headers import NotAPicture
from loa.library.tests.pictures import (
    SVG,
    a_lying_png,
    a_moving_gif,
    a_noisy_picture,
    a_picture,
    a_png_bomb,
    a_turned_photo,
)
from tests.bakery import Bakery, elsewhere, riverside_bakery

pytestmark = pytest.mark.django_db
RULES = ImageRules(
    max_count=4,
    max_bytes=60_000,
    mime_types=("image/jpeg", "image/png"),
    max_alt_chars=1500,
    max_pixels=90_000,
)


@dataclass(frozen=True)
class Attachment:
    asset_id: int
    alt_text: str | None = None
    focus: tuple[float, float] | None = None


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def keep(content: bytes, *, bakery: Bakery, filename: str = "loaf.jpg") -> Asset:
    with bakery.inside():
        return actions.keep_upload(BytesIO(content), filename=filename, by=bakery.ben)


def picture_of(asset: Asset) -> Image.Image:
    with storage.open_file(asset.storage_key) as file:
        image = Image.open(file)
        image.load()
        return image


def test_a_photo_is_kept_upright_and_tells_nothing_of_its_maker(bakery: Bakery) -> None:
    asset = keep(a_turned_photo(), bakery=bakery)

    image = picture_of(asset)
    assert (asset.width_px, asset.height_px) == (40, 60) == image.size
    assert not image.getexif()
    content = storage.path_of(asset.storage_key).read_bytes()
    assert b"Secret Camera" not in content
    assert b"secret comment" not in content


def test_the_same_file_is_one_asset_and_is_offered_again(bakery: Bakery) -> None:
    first = keep(a_picture(), bakery=bakery)
    with bakery.inside():
        actions.archive_asset(first)

    again = keep(a_picture(), bakery=bakery, filename="copy.jpg")

    assert again.pk == first.pk
    with bakery.inside():
        assert list(offered(bakery.workspace)) == [first]


def test_two_workspaces_with_the_same_file_share_nothing(bakery: Bakery) -> None:
    ours = keep(a_picture(), bakery=bakery)
    others = elsewhere()

    theirs = keep(a_picture(), bakery=others)

    assert theirs.storage_key != ours.storage_key
    with others.inside():
        assert facts_of([ours.pk], workspace=others.workspace) == {}


def test_the_type_is_what_the_content_is_and_the_name_follows(bakery: Bakery) -> None:
    asset = keep(a_picture(kind="PNG"), bakery=bakery, filename="..\\evil/../Bánh mì.jpg")

    assert (asset.mime_type, asset.filename) == ("image/png", "Bánh mì.png")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "empty"), (SVG, "svg"), (b"MZ\x90\0 not a picture", "unknown")],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    bakery: Bakery, content: bytes, kind: str, media_folder: Path
) -> None:
    with pytest.raises(NotAPicture) as refused:
        keep(content, bakery=bakery)

    assert refused.value.kind == kind
    assert not media_folder.exists()


def test_a_bomb_is_refused_quickly_and_without_memory(bakery: Bakery) -> None:
    bomb = a_png_bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()

    with pytest.raises(actions.TooManyPixels):
        keep(bomb, bakery=bakery)

    assert time.perf_counter() - started < 0.1
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 150_000_000


def test_a_picture_that_lies_about_its_size_ends_in_its_own_process(bakery: Bakery) -> None:
    asset = keep(a_lying_png(), bakery=bakery)

    assert (asset.width_px, asset.height_px) == (100, 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_cut_short_is_refused_by_name(bakery: Bakery, kind: str) -> None:
    whole = a_noisy_picture(200, 200, kind=kind)

    with pytest.raises((CannotDecode, NotAPicture)):
        keep(whole[: len(whole) // 3], bakery=bakery)


def test_a_picture_with_a_page_behind_it_is_kept_without_the_page(bakery: Bakery) -> None:
    asset = keep(a_picture() + b"<script>alert(1)</script>", bakery=bakery)

    assert b"<script>" not in storage.path_of(asset.storage_key).read_bytes()


def test_too_many_bytes_are_refused_before_they_are_all_read(
    bakery: Bakery, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    endless = BytesIO(b"\xff" * 9_000_000)

    with bakery.inside(), pytest.raises(actions.TooLarge):
        actions.keep_upload(endless, filename="huge.jpg", by=bakery.ben)

    assert endless.tell() <= 2_000_000


def test_a_moving_gif_keeps_moving_and_its_thumbnail_does_not(bakery: Bakery) -> None:
    asset = keep(a_moving_gif(5), bakery=bakery)

    assert asset.is_animated
    with Image.open(storage.path_of(asset.storage_key)) as image:
        assert getattr(image, "n_frames", 1) == 5
    with bakery.inside():
        thumb = Rendition.objects.get(asset=asset, need="thumb")
    assert thumb.mime_type == "image/webp"


@pytest.mark.parametrize("mode", ["CMYK", "L", "I;16", "P", "1", "LA"])
def test_every_kind_of_colour_is_taken(bakery: Bakery, mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (30, 30)).save(out, "JPEG" if mode == "CMYK" else "PNG")

    assert keep(out.getvalue(), bakery=bakery).width_px == 30


def test_files_are_readable_by_their_owner_alone(bakery: Bakery, media_folder: Path) -> None:
    asset = keep(a_picture(), bakery=bakery)

    path = storage.path_of(asset.storage_key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parents[2] == media_folder
    assert media_folder.stat().st_mode & 0o777 == 0o700


def test_a_key_that_leads_outside_opens_nothing() -> None:
    for key in ("../secrets/master-keys", "/etc/passwd", "7/../../x"):
        with pytest.raises(ValueError, match="not a key"):
            storage.path_of(key)


def test_a_platform_gets_a_file_within_its_limits_with_alt_text_and_focus(bakery: Bakery) -> None:
    asset = keep(a_noisy_picture(800, 400), bakery=bakery, filename="oven.png")
    with bakery.inside():
        actions.describe_asset(asset, alt_text="The oven", focus=(0.5, -2.0))
        own = Attachment(asset.pk, alt_text="Our oven", focus=(0.0, 0.25))

        plain, special = media_for(
            (Attachment(asset.pk), own), workspace=bakery.workspace, rules=RULES
        )

        assert Rendition.objects.filter(asset=asset).count() == 3  # made once, used twice
    assert plain.size_bytes <= RULES.max_bytes
    assert (plain.filename, plain.mime_type) == ("oven.jpg", "image/jpeg")
    assert (plain.alt_text, plain.focus) == ("The oven", (0.5, -1.0))
    assert (special.alt_text, special.focus) == ("Our oven", (0.0, 0.25))
    with plain.open() as file:
        image = Image.open(file)
        assert (plain.width_px, plain.height_px) == image.size
        assert image.width * image.height <= 90_000


def test_transparency_that_a_platform_cannot_show_becomes_paper(bakery: Bakery) -> None:
    asset = keep(a_picture(kind="PNG", colour=(0, 0, 0, 0)), bakery=bakery)
    jpeg_only = ImageRules(4, 60_000, ("image/jpeg",), 1500)

    with bakery.inside():
        (media,) = media_for((Attachment(asset.pk),), workspace=bakery.workspace, rules=jpeg_only)

    with media.open() as file:
        assert Image.open(file).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_another_workspaces_asset_is_missing(bakery: Bakery) -> None:
    asset = keep(a_picture(), bakery=bakery)
    others = elsewhere()

    with others.inside(), pytest.raises(AssetMissing):
        media_for((Attachment(asset.pk),), workspace=others.workspace, rules=RULES)


def test_a_file_that_is_gone_is_missing_and_comes_back_with_the_next_upload(bakery: Bakery) -> None:
    asset = keep(a_picture(), bakery=bakery)
    storage.path_of(asset.storage_key).unlink()

    with bakery.inside(), pytest.raises(AssetMissing):
        media_for((Attachment(asset.pk),), workspace=bakery.workspace, rules=RULES)

    again = keep(a_picture(), bakery=bakery)
    assert again.pk == asset.pk
    assert storage.path_of(again.storage_key).exists()


def test_assets_are_found_without_accents(bakery: Bakery) -> None:
    asset = keep(a_picture(), bakery=bakery)
    with bakery.inside():
        actions.describe_asset(asset, alt_text="Cà phê sữa đá")

        assert list(offered(bakery.workspace, words="sua DA ca")) == [asset]
        assert not offered(bakery.workspace, words="tea").exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_one_asset() -> None:
    bakery = riverside_bakery()
    kept: list[int] = []

    def send() -> None:
        try:
            kept.append(keep(a_picture(), bakery=bakery).pk)
        finally:
            connection.close()

    in_parallel(send, send, send)

    assert len(kept) == 3
    assert len(set(kept)) == 1


def in_parallel(*work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_limit_is_forty_megabytes_unless_set() -> None:
    assert django_settings.UPLOAD_MAX_BYTES == 40_000_000


def test_a_platform_with_shapes_gets_the_part_around_the_focal_point(bakery: Bakery) -> None:
    out = BytesIO()
    halves = Image.new("RGB", (800, 200), (255, 0, 0))
    halves.paste((0, 0, 255), (400, 0, 800, 200))
    halves.save(out, "PNG")
    asset = keep(out.getvalue(), bakery=bakery)
    shaped = replace(RULES, min_ratio=0.8, max_ratio=1.0)
    right = Attachment(asset.pk, focus=(0.9, 0.0))

    with bakery.inside():
        (media,) = media_for((right,), workspace=bakery.workspace, rules=shaped)

    with media.open() as file:
        image = Image.open(file).convert("RGB")
    assert image.size == (200, 200) == (media.width_px, media.height_px)
    red, _green, blue = image.getpixel((100, 100))  # type: ignore[misc]
    assert blue > 200
    assert red < 60


def test_what_is_sent_names_its_maker_and_stays_within_the_limit(bakery: Bakery) -> None:
    asset = keep(a_noisy_picture(300, 300, kind="JPEG"), bakery=bakery)
    tight = replace(RULES, max_bytes=asset.size_bytes)
    with bakery.inside():
        terms = actions.Terms(creator="Lan Phạm", credit="© Studio Nắng")
        actions.note_rights(asset, terms=terms, by=bakery.ben)

        (media,) = media_for((Attachment(asset.pk),), workspace=bakery.workspace, rules=tight)

    with media.open() as file:
        content = file.read()
    assert "© Studio Nắng".encode() in content
    assert len(content) == media.size_bytes <= tight.max_bytes
    assert b"Studio" not in storage_bytes(asset)


def storage_bytes(asset: Asset) -> bytes:
    with storage.open_file(asset.storage_key) as file:
        return file.read()
