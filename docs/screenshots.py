"""Take the documentation's pictures: start Loa with its demo, sign up, look at the pages.

    python docs/screenshots.py              the pictures of the README, into docs/images/
    python docs/screenshots.py --all DIR    every place in both languages, themes and sizes

The demo is the one `make run` fills; nothing is drawn for the picture.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PORT = int(os.environ.get("LOA_PORT", "8797"))
PRACTICE_PORT = int(os.environ.get("LOA_PRACTICE_PORT", "8798"))
WELCOME = re.compile(r"/welcome/[\w-]+/")
OWNER = {"name": "Ngân", "email": "ngan@ben.example", "password": "ca phe sua da 2026"}
DESK, PHONE = (1440, 900), (390, 844)
# The week to come: what is planned, what repeats, what is still free.
NEXT_WEEK = datetime.now().astimezone() + timedelta(days=7)
README_PICTURES = {
    "calendar-week": f"calendar/?view=week&on={NEXT_WEEK:%Y-%m-%d}",
}
START_S, DEMO_S = 300, 300


@contextmanager
def loa(home: Path) -> Iterator[str]:
    """Run Loa on an empty data folder; yield the path of the owner link."""
    environment = os.environ | {
        "LOA_HOME": str(home),
        "LOA_PORT": str(PORT),
        "LOA_PRACTICE_PORT": str(PRACTICE_PORT),
    }
    log = home.parent / "loa-up.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "loa.site.cli", "up"],
            cwd=ROOT,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _wait_for_link(process, log)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for_link(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        text = log.read_text(errors="replace")
        found = WELCOME.search(text)
        if found and _answers():
            return found.group()
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise SystemExit(f"Loa did not start:\n{log.read_text(errors='replace')[-4000:]}")


def _answers() -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{PORT}/sign-in/", timeout=5):
            return True
    except (URLError, OSError):
        return False


def sign_up(page: Page, link: str) -> None:
    """Become the owner through the one-time link."""
    page.goto(f"http://127.0.0.1:{PORT}{link}")
    for field in page.locator("form input:visible").all():
        name = field.get_attribute("name") or ""
        if "password" in name:
            field.fill(OWNER["password"])
        elif "email" in name:
            field.fill(OWNER["email"])
        elif name == "name":
            field.fill(OWNER["name"])
        elif "workspace" in name:
            field.fill("Bến Studio")
    page.locator("form .button-primary").first.click()
    page.wait_for_url(re.compile(r"/w/|/workspaces"))


def demo_address(page: Page) -> str:
    """Return the address of the demo workspace, once it is filled."""
    until = time.monotonic() + DEMO_S
    while time.monotonic() < until:
        page.goto(f"http://127.0.0.1:{PORT}/workspaces/")
        links = [link.get_attribute("href") or "" for link in page.locator("a[href*='/w/']").all()]
        for link in links:
            match = re.search(r"/w/[\w-]*(?:ben|demo|mau)[\w-]*/", link)
            if match and "studio" not in match.group():
                return f"http://127.0.0.1:{PORT}{match.group()}"
        time.sleep(2)
    raise SystemExit("the demo workspace did not appear")


def places(page: Page, workspace: str) -> list[str]:
    """Return every place of the rail, by its address below the workspace."""
    page.goto(f"{workspace}today/")
    hrefs = [a.get_attribute("href") or "" for a in page.locator("nav a[href*='/w/']").all()]
    path = workspace.removeprefix(f"http://127.0.0.1:{PORT}")
    found = dict.fromkeys(h.removeprefix(path) for h in hrefs if h.startswith(path))
    extra = ["calendar/?view=month", "calendar/?view=week", "calendar/?view=list"]
    return [*found, *extra]


def choose_language(page: Page, workspace: str, language: str) -> None:
    """Speak `language` to the owner from now on."""
    page.goto(f"http://127.0.0.1:{PORT}/me/")
    page.locator(f"main [name=language][value={language}]").click()
    page.goto(f"{workspace}today/")
    page.locator(f"html[lang={language}]").wait_for(state="attached")


def take_all(browser: Browser, link: str, out: Path) -> None:
    """Take every place in both languages, both themes and both sizes."""
    with browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh") as context:
        page = context.new_page()
        sign_up(page, link)
        workspace = demo_address(page)
        addresses = places(page, workspace)
        state = context.storage_state()
    for language, theme, size in product(("vi", "en"), ("light", "dark"), ("desk", "phone")):
        width, height = DESK if size == "desk" else PHONE
        with browser.new_context(
            storage_state=state,
            color_scheme="dark" if theme == "dark" else "light",
            viewport={"width": width, "height": height},
        ) as context:
            page = context.new_page()
            choose_language(page, workspace, language)
            for address in addresses:
                page.goto(f"{workspace}{address}")
                page.wait_for_timeout(400)
                name = re.sub(r"[^\w]+", "-", address).strip("-") or "front"
                page.screenshot(path=out / f"{name}-{language}-{theme}-{size}.png")


def take_readme(browser: Browser, link: str) -> None:
    """Take the pictures that the README shows."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with browser.new_context(
        locale="vi-VN", viewport={"width": DESK[0], "height": DESK[1]}
    ) as context:
        page = context.new_page()
        sign_up(page, link)
        workspace = demo_address(page)
        for name, address in README_PICTURES.items():
            page.goto(f"{workspace}{address}")
            page.wait_for_timeout(500)
            page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", metavar="DIR", type=Path, help="every place, into DIR")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        loa(Path(folder) / "home") as link,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if wanted.all:
            wanted.all.mkdir(parents=True, exist_ok=True)
            take_all(browser, link, wanted.all)
        else:
            take_readme(browser, link)
        browser.close()


if __name__ == "__main__":
    main()
