"""A platform's drawing can be shown, and can do nothing else."""

import pytest

from loa.connectors import registry
from loa.web import platform_icons
from loa.web.platform_icons import UnsafeIcon

GLYPH = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="currentColor">{}</svg>'


def test_a_glyph_stands_on_its_platforms_colour() -> None:
    drawn = platform_icons.symbol("bakery", GLYPH.format('<path d="M1 1"/>'), "#112233")

    assert 'id="platform-bakery"' in drawn
    assert 'fill="#112233"' in drawn
    assert '<path d="M1 1"></path>' in drawn


@pytest.mark.parametrize(
    "inside",
    [
        "<script>go()</script>",
        '<image href="https://elsewhere.example/pixel.png"/>',
        "<foreignObject><p/></foreignObject>",
        '<path d="M1 1" onclick="go()"/>',
        '<path d="M1 1" style="fill: red"/>',
        '<path d="M1 1" fill="url(https://elsewhere.example/#a)"/>',
        '<g><use href="#other"/></g>',
        '<a href="javascript:go()"><path d="M1 1"/></a>',
    ],
)
def test_a_drawing_with_more_than_shapes_is_refused(inside: str) -> None:
    with pytest.raises(UnsafeIcon):
        platform_icons.symbol("bakery", GLYPH.format(inside), "#112233")


def test_a_drawing_that_would_expand_is_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + GLYPH.format('<path d="M1 1"/>')

    with pytest.raises(UnsafeIcon):
        platform_icons.symbol("bakery", bomb, "#112233")


def test_text_in_a_drawing_cannot_become_markup() -> None:
    drawn = platform_icons.symbol("bakery", GLYPH.format("<path d='\"&gt;&lt;b&gt;'/>"), "#112233")

    assert "<b>" not in drawn


@pytest.mark.parametrize(
    ("colour", "ink"), [("#000000", "#fff"), ("#1877f2", "#fff"), ("#fffc00", "#141715")]
)
def test_the_glyph_is_readable_on_its_ground(colour: str, ink: str) -> None:
    assert platform_icons.ink_on(colour) == ink


@pytest.mark.parametrize("name", registry.all_connectors())
def test_the_drawing_of_every_installed_platform_is_shown(name: str) -> None:
    drawn = platform_icons.symbol(name, registry.icon_svg(name), "#112233")

    assert drawn in platform_icons.sheet().replace(registry.connector(name).colour, "#112233")


def test_a_bad_drawing_costs_its_platform_the_glyph_and_nobody_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "icon_svg", lambda _name: GLYPH.format("<script/>"))
    platform_icons.sheet.cache_clear()

    sheet = platform_icons.sheet()
    platform_icons.sheet.cache_clear()

    assert "script" not in sheet
    assert sheet.count("<text") == len(registry.all_connectors())


def test_the_sheet_of_all_platforms_stays_small() -> None:
    assert len(platform_icons.sheet()) <= 3_000 * len(registry.all_connectors())
