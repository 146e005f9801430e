"""A crop takes as little as it can, and what must stay in view stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loa.connectors.contract import ImageRules
from loa.library.rules.cropping import Box, cropped
from loa.library.rules.fitting import AssetFacts, fit

SIDES = st.integers(1, 6000)
AXES = st.floats(-1, 1)
RULES = ImageRules(4, 1_000_000, ("image/jpeg",), 1500, min_ratio=0.8, max_ratio=1.91)


def test_a_wide_picture_loses_its_sides_and_a_tall_one_top_and_bottom() -> None:
    wide = cropped(4000, 1000, min_ratio=0.8, max_ratio=2.0, focus=(0, 0))
    tall = cropped(1000, 4000, min_ratio=0.8, max_ratio=2.0, focus=(0, 0))

    assert wide == Box(1000, 0, 2000, 1000)
    assert tall == Box(0, 1375, 1000, 1250)


@pytest.mark.parametrize(("x", "left"), [(-1.0, 0), (0.0, 1000), (0.5, 2000), (1.0, 2000)])
def test_the_crop_follows_the_focal_point_up_to_the_edge(x: float, left: int) -> None:
    box = cropped(4000, 1000, min_ratio=None, max_ratio=2.0, focus=(x, 0))

    assert box is not None
    assert box.left == left


@given(SIDES, SIDES, AXES, AXES)
def test_what_is_kept_lies_in_the_picture_and_holds_the_focal_point(
    width: int, height: int, x: float, y: float
) -> None:
    box = cropped(width, height, min_ratio=0.8, max_ratio=1.91, focus=(x, y))

    if box is None:
        assert 0.8 <= width / height <= 1.91
        return
    assert 0 <= box.left <= width - box.width
    assert 0 <= box.top <= height - box.height
    assert box.width == width or box.height == height
    assert box.left - 1 <= (x + 1) / 2 * width <= box.left + box.width + 1
    assert box.top - 1 <= (1 - y) / 2 * height <= box.top + box.height + 1


@given(st.integers(20, 6000), st.integers(20, 6000), AXES)
def test_what_is_sent_has_a_shape_the_platform_takes(width: int, height: int, x: float) -> None:
    small = ImageRules(4, 9_000_000, ("image/jpeg",), 1500, 90_000, min_ratio=0.8, max_ratio=1.91)

    fitted = fit(AssetFacts("image/jpeg", 1000, width, height), small, focus=(x, 0))

    assert 0.8 <= fitted.width_px / fitted.height_px <= 1.91
    assert fitted.width_px * fitted.height_px <= 90_000


def test_another_focal_point_is_another_file() -> None:
    wide = AssetFacts("image/jpeg", 1000, 4000, 1000)

    assert fit(wide, RULES, focus=(1, 0)).need != fit(wide, RULES, focus=(-1, 0)).need
    square = AssetFacts("image/jpeg", 1000, 1000, 1000)
    assert fit(square, RULES, focus=(1, 0)).as_it_is
