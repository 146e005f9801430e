"""Templates hold no scripts, styles or handlers of their own, stay small, and name what exists."""

import re
from pathlib import Path

import pytest
from django.template import engines

from loa.web import built, states

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "loa").glob("**/templates/**/*.html"))
COMPONENTS = {path.stem for path in (ROOT / "loa/web/templates/components").glob("*.html")}
STYLES = {path.stem for path in (ROOT / "frontend/styles/components").glob("*.css")}
ENTRIES = {path.stem for path in (ROOT / "frontend/entries").iterdir()}
DRAWN_ELSEWHERE = {"prose", "icon", "platform-icon", "tone", "page-head"}  # by tags and the frame
MOST_LINES = 150

# What the Content Security Policy would refuse, so it must not be written.
REFUSED = {
    "a script in the page": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a style in the page": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "a handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script of htmx": r"\shx-on\b|=[\"']js:|hx-vals=[\"']javascript:",
    "a filter of htmx": r"hx-trigger=[\"'][^\"']*\[",
    "an address that runs": r"javascript:",
    "something from elsewhere": r"<(?:script|img|link|iframe)[^>]*(?:src|href)=[\"']https?://",
}


def short(path: Path) -> str:
    return path.relative_to(ROOT / "loa").as_posix()


def named(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_holds_nothing_that_the_browser_would_refuse(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    found = [what for what, pattern in REFUSED.items() if re.search(pattern, text)]

    assert not found, f"{short(path)} holds {', '.join(found)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_can_be_read_at_a_glance(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_every_icon_state_component_and_entry_that_is_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    icons = named(r"{% icon \"([^\"]+)\"", text) | named(r"\bicon=\"([^\"]*)\"", text) - {""}
    shown = named(r"\b(?:state|severity|chip)=\"([^\"]+)\"", text)
    components = named(r"components/([\w-]+)\.html", text) | named(r"{% wrap \"([^\"]+)\"", text)

    assert icons <= built.icon_names()
    assert shown <= states.STATES.keys() | states.SAME.keys()
    assert components <= COMPONENTS
    assert named(r"{% entry \"([^\"]+)\"", text) <= ENTRIES


def test_the_styles_of_a_component_are_named_like_its_template() -> None:
    assert STYLES <= COMPONENTS | DRAWN_ELSEWHERE


def test_every_component_is_described() -> None:
    described = (ROOT / "docs/reference/components.md").read_text(encoding="utf-8")

    assert not {name for name in COMPONENTS - FRAME if f"`{name}`" not in described}


# Pieces of the frame and of other components: no page includes them.
FRAME = {
    "bottom-bar",
    "field-note",
    "field-notes",
    "key-line",
    "key-map",
    "language-switch",
    "mark",
    "page-tools",
    "palette",
    "person-menu",
    "rail",
    "theme-switch",
    "toast",
    "toast-region",
}


@pytest.mark.parametrize(
    "written",
    [
        "<script>go()</script>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<div hx-on:click="go()">',
        '<div hx-trigger="click[ctrlKey]">',
        '<a href="javascript:go()">',
        '<img src="https://elsewhere.example/pixel.png">',
    ],
)
def test_the_rules_would_notice(written: str) -> None:
    assert any(re.search(pattern, written) for pattern in REFUSED.values())
