"""A picture-first channel in the composer: what is missing, and the crop before it is sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django import Settings

from loa.library.tests.pictures import a_picture
from loa.platforms.sandbox import CONNECTOR
from tests.cast import a_channel, a_person, a_post, a_workspace, ana
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
WORDS = {
    "vi": ("không nhận bài không có ảnh", "được cắt còn 400 × 500", "Xong"),
    "en": ("takes no post without a picture", "is cropped to 400 × 500 here", "Done"),
}


def a_gallery_s_limits() -> dict[str, Any]:
    limits: dict[str, Any] = CONNECTOR.limits.to_json()
    shapes = {"min_count": 1, "min_ratio": 0.8, "max_ratio": 1.91}
    return {**limits, "images": {**limits["images"], **shapes}}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_preview_shows_the_crop_and_follows_the_focal_point(
    visit: Visiting,
    site: str,  # noqa: ARG001 (its rows are visible to the site)
    settings: Settings,
    tmp_path: Path,
    language: str,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    wanted, cropped, done = WORDS[language]
    bakery = a_workspace(owner=a_person("Ngân", language=language))
    channel = a_channel(bakery, name="Tiệm ảnh", limits=a_gallery_s_limits())
    post = a_post(bakery, channels=(channel,))
    seen = visit(ana(bakery), f"/w/{bakery.slug}/posts/{post.pk}/", phone=language == "vi")
    page, shown = seen.page, seen.page.locator(".preview:visible svg.preview-image")
    expect(page.get_by_text(wanted).first).to_be_visible()

    file = FilePayload(name="song.jpg", mimeType="image/jpeg", buffer=a_picture(400, 800))
    page.locator("#s-p0-files").set_input_files([file])

    expect(shown).to_have_attribute("viewBox", "0 150 400 500")
    expect(page.get_by_text(wanted)).to_have_count(0)
    expect(page.get_by_text(cropped).first).to_be_visible()
    box = shown.bounding_box()
    assert box
    assert abs(box["width"] / box["height"] - 0.8) < 0.01
    page.locator(".shot-open").click()
    page.locator("#s-p0-a0-dialog input[type=range]").last.press("End")
    page.get_by_role("button", name=done).click()
    expect(shown).to_have_attribute("viewBox", "0 0 400 500")
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
