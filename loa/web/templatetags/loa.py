"""Tags that every template may use without loading them."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from loa.connectors import registry
from loa.web import built, charts, nodes, platform_icons, states, toasts

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of loa/web/icons.json. size: "s", "l" or nothing. label: what it means alone."""
    return _icon(name, size, str(label), built.sprite_url())


@lru_cache(maxsize=4096)
def _icon(name: str, size: str, label: str, sprite: str) -> SafeString:
    if name not in built.icon_names():
        raise template.TemplateSyntaxError(f"There is no icon {name!r} in loa/web/icons.json.")
    classes = f"icon icon-{size}" if size else "icon"
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', classes, meaning, sprite, name
    )


@register.simple_tag
def platform_icon(platform: str, size: str = "", *, decorative: bool = False) -> SafeString:
    """Draw a platform's own icon, named by its label unless `decorative`."""
    classes = f"platform-icon platform-icon-{size}" if size else "platform-icon"
    label = platform_label(platform)
    meaning = (
        SafeString('aria-hidden="true"')
        if decorative
        else format_html('role="img" aria-label="{}"', label)
    )
    title = SafeString("") if decorative else format_html("<title>{}</title>", label)
    return format_html(
        '<svg class="{}" {}>{}<use href="#platform-{}"/></svg>', classes, meaning, title, platform
    )


@register.simple_tag
def platform_sheet() -> SafeString:
    """Return the symbols that `platform_icon` refers to; base.html puts them into the page once."""
    return platform_icons.sheet()


@register.filter
def platform_label(platform: str) -> str:
    """Return what people call the platform."""
    return registry.connector(platform).label_in(get_language() or "en")


@register.simple_tag(takes_context=True)
def entry(context: Context, name: str) -> SafeString:
    """Link the styles and the script of frontend/entries/`name`."""
    if not built.is_built():
        return SafeString("<!-- The front end is not built: run `make assets`. -->")
    nonce = context.get("csp_nonce", "")
    scripts, styles = built.scripts_and_styles(name)
    links = format_html_join(
        "\n", '<link rel="stylesheet" href="{}" nonce="{}">', ((url, nonce) for url in styles)
    )
    tags = format_html_join(
        "\n",
        '<script type="module" src="{}" nonce="{}"></script>',
        ((url, nonce) for url in scripts),
    )
    return format_html("{}\n{}", links, tags)


@register.simple_tag
def built_file(name: str) -> str:
    """Return the address of a file that the build made, e.g. "mark.svg"."""
    return built.file_url(name)


@register.simple_tag
def font_preloads(name: str) -> SafeString:
    """Fetch the faces of nearly every line early, so that text does not jump."""
    if not built.is_built():
        return SafeString("")
    return format_html_join(
        "\n",
        '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>',
        ((url,) for url in built.first_fonts(name)),
    )


@register.simple_tag
def shown_state(state: str) -> states.Shown:
    """Return the icon, word and tone of a state."""
    return states.shown(state)


@register.filter
def undo_url(extra_tags: str | None) -> str:
    """Return the address that takes a toast's action back, or ""."""
    return toasts.undo_url(extra_tags)


@register.filter
def initials(name: str) -> str:
    """Return up to two letters for a name: the first and the last word ("Hoàng Minh" → HM)."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    picked = words if len(words) < 2 else [words[0], words[-1]]  # noqa: PLR2004 (two letters)
    return "".join(word[0].upper() for word in picked) or "?"


@register.filter
def as_json(value: object) -> str:
    """Return `value` as JSON for a data attribute of an island."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def numbers(values: Sequence[str]) -> list[float]:
    """Return written numbers as numbers."""
    return [float(value) for value in values]


@register.filter
def sparkline(values: Sequence[float]) -> charts.Line:
    """Lay out values as a line 100 wide and 24 high."""
    return charts.line(values, width=100, height=22)


@register.filter
def shares(values: Sequence[float]) -> tuple[charts.Mark, ...]:
    """Lay out parts of a whole as bars beside each other, 100 wide."""
    return charts.shares(values, width=100)


@register.simple_tag
def chart_layout(
    points: Sequence[dict[str, Any]],
    kind: str = "line",
    usual_low: float | str | None = None,
    usual_high: float | str | None = None,
) -> charts.Chart:
    """Lay out a chart for components/chart.html."""
    missing = usual_low in {None, ""} or usual_high in {None, ""}
    usual = None if missing else (float(usual_low or 0), float(usual_high or 0))
    return charts.chart(points, as_bars=kind == "bars", usual=usual)


register.tag("keep", nodes.keep)
register.tag("wrap", nodes.wrap)
