"""A real browser before a real Loa: for tests/browser and tests/journeys.

Ask for `visit` and call it: `visit(ana, "/w/bakery/")`. It returns a Visit whose `page` is
Playwright's; when the test ends, any error on the console, failed request, server error or
request to another host fails it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from loa.workspace.models import Member, User
from tests.cast import signed_in

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1440, "height": 900}
SERIOUS = ("serious", "critical")


@dataclass
class Visit:
    """One person in one browser. problems: what the browser complained about so far."""

    page: Page
    site: str
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site and wait until its islands are ready."""
        self.page.goto(self.site + path)
        self.page.wait_for_load_state("load")
        return self.page

    def assert_accessible(self) -> None:
        """Fail when axe finds something serious or critical on the page."""
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: run `make assets`")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # Late transitions would be measured in colours that nobody reads.
        self.page.evaluate("Promise.all(document.getAnimations().map(a => a.finish?.()))")
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        bad = [one for one in found["violations"] if one["impact"] in SERIOUS]
        assert not bad, "\n".join(
            f"{one['id']}: {one['help']}\n  {node['target']} {node['html'][:200]}"
            for one in bad
            for node in one["nodes"][:5]
        )

    def assert_no_horizontal_scroll(self, width_px: int = 360) -> None:
        """Fail when the page is wider than a phone of `width_px`."""
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": width_px, "height": PHONE["height"]})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if before:
            self.page.set_viewport_size(before)
        assert wide <= width_px, f"the page is {wide} px wide on a screen of {width_px} px"

    def forgive(self, words: str) -> None:
        """Forget the problems that contain `words`: the test provoked them."""
        self.problems[:] = [one for one in self.problems if words not in one]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a browser."""
    for item in items:
        if "visit" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's chromium, once for the whole session."""
    if not CHROMIUM.is_file():
        pytest.skip("there is no chromium here: apt-get install chromium")
    # Playwright's loop lives in this thread, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """Open browsers: visit(person, path, phone=, dark=, language=, scripts=); None: signed out."""
    visits: list[tuple[BrowserContext, Visit]] = []

    def open_one(
        person: Member | User | None = None,
        path: str = "",
        *,
        phone: bool = False,
        dark: bool = False,
        language: str = "vi-VN",
        scripts: bool = True,
    ) -> Visit:
        context = chromium.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # plain dicts
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            locale=language,
            java_script_enabled=scripts,
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        if person is not None:
            context.add_cookies([_session_of(person, site)])
        opened = Visit(context.new_page(), site)
        _watch(opened)
        visits.append((context, opened))
        if path:
            opened.go(path)
        return opened

    yield open_one
    problems = [problem for _context, one in visits for problem in one.problems]
    for context, _visit in visits:
        context.close()
    assert not problems, "\n".join(problems)


def _watch(visit: Visit) -> None:
    page, host = visit.page, urlsplit(visit.site).netloc

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host:
            visit.problems.append(f"request to another host: {request.url}")

    def on_failure(request: Request) -> None:
        # A stream of news ends with its page; a search ends with the next letter.
        if "ERR_ABORTED" not in (request.failure or ""):
            visit.problems.append(f"request failed: {request.url} {request.failure}")

    page.on("request", on_request)
    page.on("requestfailed", on_failure)
    page.on("pageerror", lambda error: visit.problems.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            visit.problems.append(f"console {message.type}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: (
            visit.problems.append(f"server error: {answer.status} {answer.url}")
            if answer.status >= 500
            else None
        ),
    )


def _session_of(person: Member | User, site: str) -> Any:
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": signed_in(person).cookies[name].value, "url": site}
