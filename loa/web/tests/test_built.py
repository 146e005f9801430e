"""Templates find what the front-end build made, and say so when it made nothing."""

import gzip
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from pytest_django import Settings

from loa.web import built, checks

MANIFEST = {
    "entries/shell.ts": {
        "file": "assets/shell-1.js",
        "isEntry": True,
        "css": ["assets/shell-2.css"],
        "imports": ["_shared.js"],
        "assets": ["assets/be-vietnam-pro-latin-400-normal-3.woff2"],
    },
    "entries/print.css": {"file": "assets/print-4.css", "isEntry": True},
    "_shared.js": {"file": "assets/shared-5.js", "css": ["assets/shared-6.css"]},
    "icons.svg": {"file": "assets/icons-7.svg"},
}


@pytest.fixture
def dist(tmp_path: Path, settings: Settings) -> Path:
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    return tmp_path


def render(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


@pytest.mark.usefixtures("dist")
def test_an_entry_brings_its_styles_and_its_script_with_the_nonce() -> None:
    shown = render('{% entry "shell" %}', csp_nonce="abc")

    assert shown.splitlines() == [
        '<link rel="stylesheet" href="/static/assets/shared-6.css" nonce="abc">',
        '<link rel="stylesheet" href="/static/assets/shell-2.css" nonce="abc">',
        '<script type="module" src="/static/assets/shell-1.js" nonce="abc"></script>',
    ]


@pytest.mark.usefixtures("dist")
def test_an_entry_may_be_styles_alone() -> None:
    assert render('{% entry "print" %}').strip() == (
        '<link rel="stylesheet" href="/static/assets/print-4.css" nonce="">'
    )


@pytest.mark.usefixtures("dist")
def test_an_entry_nobody_wrote_is_named() -> None:
    with pytest.raises(built.NotBuilt, match="calender"):
        render('{% entry "calender" %}')


@pytest.mark.usefixtures("dist")
def test_the_first_faces_are_fetched_early() -> None:
    assert "latin-400-normal-3.woff2" in render('{% font_preloads "shell" %}')


def test_without_a_build_pages_still_come_and_the_check_says_why(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STATICFILES_DIRS = [tmp_path]

    assert "make assets" in render('{% entry "shell" %}')
    assert [one.id for one in checks.the_front_end_is_built()] == ["loa.web.W001"]


def test_the_shell_weighs_at_most_60_kilobytes() -> None:
    if not built.is_built():
        pytest.skip("the front end is not built: run `make assets`")
    dist = Path(settings.STATICFILES_DIRS[0])
    record = built.entry("shell")
    files = [record["file"], *(one["file"] for one in built._imported(record))]

    packed_bytes = sum(len(gzip.compress((dist / file).read_bytes())) for file in files)

    assert packed_bytes <= 60_000
