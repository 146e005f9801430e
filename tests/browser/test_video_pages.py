"""A video as a person meets it: its page in the library, and a post that shows it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django import Settings

from loa.library import actions
from loa.library.models import Asset, RenditionOrder
from loa.library.tests.films import a_film
from loa.ops import fence, live
from loa.platforms.sandbox import CONNECTOR
from loa.workspace.models import Member
from tests import cast
from tests.jobs import run_enqueued
from tests.plugins.browser import Visit

type Visiting = Callable[..., Visit]
SRT = "1\n00:00:00,100 --> 00:00:01,500\nBánh vừa ra lò!\n".encode()


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def ngan(site: str) -> Member:  # noqa: ARG001 (her rows are visible to the site)
    return cast.ana(cast.a_workspace(owner=cast.a_person("Ngân", language="vi")))


@pytest.fixture
def video(ngan: Member) -> Asset:
    with fence.inside(ngan.workspace_id):
        return actions.keep_upload(BytesIO(a_film()), filename="lo-banh.mp4", by=ngan)


def is_now(video: Asset, state: RenditionOrder.State, *, done_ms: int = 0) -> None:
    """Let the rendition to watch be that far, and say so to open pages."""
    with fence.inside(video.workspace_id):
        RenditionOrder.objects.filter(asset=video).update(state=state, done_ms=done_ms)
        live.announce(workspace_id=video.workspace_id, topic="asset", subject_id=video.pk)


def test_a_video_is_prepared_before_ones_eyes_and_gets_cover_and_captions(
    visit: Visiting, ngan: Member, video: Asset
) -> None:
    seen = visit(ngan, f"/w/{ngan.workspace.slug}/library/{video.pk}/")
    page = seen.page
    expect(page.locator("#renditions")).to_contain_text("Đang chuẩn bị")
    expect(page.locator("video")).to_have_count(0)

    is_now(video, RenditionOrder.State.WORKING, done_ms=800)
    expect(page.locator("#renditions progress")).to_have_attribute("value", "40", timeout=20_000)
    is_now(video, RenditionOrder.State.WAITING)
    run_enqueued()
    expect(page.locator("video")).to_be_visible(timeout=20_000)
    cover = page.locator(".film-cover")
    before = cover.get_attribute("src")
    page.get_by_label("Giây", exact=True).fill("1.2")
    page.get_by_role("button", name="Dùng khoảnh khắc này").click()
    expect(cover).not_to_have_attribute("src", str(before))

    file = FilePayload(name="lo-banh.srt", mimeType="text/plain", buffer=SRT)
    page.get_by_label("Tệp (SRT hoặc VTT)").set_input_files(file)
    expect(page.locator("#captions .file-field-name")).to_have_text("lo-banh.srt")
    page.get_by_role("button", name="Thêm phụ đề").click()
    expect(page.locator("#captions .row-title")).to_have_text("Tiếng Việt")
    expect(page.locator("video track[srclang=vi]")).to_have_count(1)
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_post_shows_its_video_and_says_what_stands_in_its_way(
    visit: Visiting, ngan: Member, video: Asset, language: str
) -> None:
    ngan.user.language = language
    ngan.user.save()
    limits = CONNECTOR.limits.to_json()
    short = {**limits, "video": {**limits["video"], "max_duration_ms": 1000}}  # type: ignore[dict-item]
    channel = cast.a_channel(ngan.workspace, name="Bến", limits=short)
    post = cast.a_post(ngan.workspace, channels=(channel,), assets=(video,))

    seen = visit(ngan, f"/w/{ngan.workspace.slug}/posts/{post.pk}/", dark=language == "en")
    page = seen.page
    words = {"vi": "Video dài quá: 0:02", "en": "The video is too long: 0:02"}[language]

    expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator(".preview-film .preview-play").first).to_be_visible()
    assert page.locator(".preview-film img").first.evaluate("image => image.naturalWidth > 0")
    expect(page.locator(".shot-length").first).to_contain_text("0:02")
    seen.assert_accessible()
    seen.assert_no_horizontal_scroll()
