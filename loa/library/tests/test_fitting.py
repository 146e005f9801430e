"""How a picture is made to fit a platform."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.contract import ImageRules
from loa.library.rules.fitting import AssetFacts, fit, within_pixels

RULES = ImageRules(
    max_count=4,
    max_bytes=1_000_000,
    mime_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    max_alt_chars=1500,
    max_pixels=4_000_000,
)
PHOTO = AssetFacts("image/jpeg", 800_000, 1600, 1200)


def test_what_fits_is_sent_as_it_is() -> None:
    assert fit(PHOTO, RULES).as_it_is


def test_too_many_pixels_are_shrunk_in_the_same_shape_and_type() -> None:
    fitted = fit(replace(PHOTO, width_px=4000, height_px=3000), RULES)

    assert (fitted.width_px, fitted.height_px, fitted.mime_type) == (2309, 1732, "image/jpeg")


def test_a_heavy_screenshot_becomes_a_jpeg_and_a_heavy_logo_keeps_its_transparency() -> None:
    heavy = replace(PHOTO, mime_type="image/png", size_bytes=3_000_000)

    assert fit(heavy, RULES).mime_type == "image/jpeg"
    assert fit(replace(heavy, is_transparent=True), RULES).mime_type == "image/webp"


def test_a_type_the_platform_does_not_take_is_changed_and_the_loss_is_known() -> None:
    jpeg_only = replace(RULES, mime_types=("image/jpeg",))
    logo = replace(PHOTO, mime_type="image/png", is_transparent=True)

    fitted = fit(logo, jpeg_only)

    assert fitted.mime_type == "image/jpeg"
    assert fitted.loses_transparency


def test_a_moving_picture_is_sent_whole_or_stops() -> None:
    gif = replace(PHOTO, mime_type="image/gif", is_animated=True)

    assert not fit(gif, RULES).loses_animation
    assert fit(replace(gif, size_bytes=2_000_000), RULES).loses_animation


def test_no_common_type_is_no_fit() -> None:
    assert fit(PHOTO, replace(RULES, mime_types=("image/heic",))).mime_type is None


@given(st.integers(1, 60_000), st.integers(1, 60_000), st.integers(1, 64_000_000))
def test_a_shrunk_picture_never_has_too_many_pixels(width: int, height: int, most: int) -> None:
    new_width, new_height = within_pixels(width, height, most)

    assert 1 <= new_width <= width
    assert 1 <= new_height <= height
    # A line one pixel high cannot become thinner.
    assert new_width * new_height <= most or 1 in {new_width, new_height}
