"""The icons of platforms, made safe to put into a page.

A platform's icon.svg is drawn by whoever wrote its folder, also by other packages, so only plain
shapes are let through. A page carries one sheet of symbols and refers to them.
"""

import logging
from functools import cache
from xml.etree import ElementTree as ET

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from loa.connectors import registry

_log = logging.getLogger(__name__)
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset({"g", "path", "circle", "ellipse", "rect", "polygon", "polyline", "line"})
DRAWING = ("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height")
PAINT = ("fill", "fill-rule", "fill-opacity", "clip-rule", "opacity", "transform", "points")
STROKE = (
    "stroke",
    *(f"stroke-{part}" for part in ("width", "linecap", "linejoin", "dasharray", "opacity")),
)
GLYPH_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
ATTRIBUTES = frozenset((*DRAWING, *PAINT, *STROKE))


class UnsafeIcon(ValueError):
    """An icon that holds more than plain shapes. The message names what."""


def symbol(name: str, svg: str, colour: str) -> SafeString:
    """Return the glyph `svg` on a ground of `colour`, as a symbol called platform-`name`.

    Raises UnsafeIcon when the glyph holds more than plain shapes.
    """
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        raise UnsafeIcon(f"the icon of {name} declares a document type")
    root = ET.fromstring(svg)  # noqa: S314 (no document type, so nothing to expand)
    if root.tag != f"{SVG}svg" or not root.get("viewBox"):
        raise UnsafeIcon(f"the icon of {name} is not an <svg> with a viewBox")
    own = {key: value for key, value in root.attrib.items() if key in {*PAINT, *STROKE}}
    return format_html(
        '<symbol id="platform-{}" viewBox="0 0 24 24"><rect width="24" height="24" fill="{}"/>'
        '<svg x="4" y="4" width="16" height="16" viewBox="{}" color="{}"{}>{}</svg></symbol>',
        name,
        colour,
        root.get("viewBox"),
        ink_on(colour),
        format_html_join("", ' {}="{}"', own.items()),
        format_html_join("", "{}", ((_shape(name, child),) for child in root)),
    )


def ink_on(colour: str) -> str:
    """Return white where a glyph of it can be made out on `colour` (#rrggbb), else near black."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # WCAG 2.2, relative luminance
    return "#fff" if 1.05 / (light + 0.05) >= GLYPH_CONTRAST else "#141715"


def letter(name: str, label: str, colour: str) -> SafeString:
    """Return the symbol of a platform that brings no drawing: its first letter."""
    return format_html(
        '<symbol id="platform-{}" viewBox="0 0 24 24"><rect width="24" height="24" fill="{}"/>'
        '<text x="12" y="17" text-anchor="middle" font-size="14" font-weight="700" fill="{}">{}'
        "</text></symbol>",
        name,
        colour,
        ink_on(colour),
        label[:1].upper(),
    )


@cache
def sheet() -> SafeString:
    """Return the symbols of every platform that is installed."""
    return format_html_join("", "{}", ((_drawn(name),) for name in registry.all_connectors()))


def _drawn(name: str) -> SafeString:
    """Draw the platform; a drawing that may not be shown is no reason to show no page."""
    connector = registry.connector(name)
    try:
        return symbol(name, registry.icon_svg(name), connector.colour)
    except (FileNotFoundError, UnsafeIcon, ET.ParseError) as error:
        _log.warning("platform %s is shown by its letter: %s", name, error)
        return letter(name, connector.label, connector.colour)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (sRGB)


def _shape(name: str, element: ET.Element) -> SafeString:
    tag = element.tag.removeprefix(SVG)
    if tag in {"title", "desc", "metadata"}:
        return SafeString("")
    if tag not in SHAPES:
        raise UnsafeIcon(f"the icon of {name} uses <{tag}>; only plain shapes are allowed")
    if extra := element.attrib.keys() - ATTRIBUTES:
        raise UnsafeIcon(f"the icon of {name} uses {', '.join(sorted(extra))} on <{tag}>")
    if any("url(" in value for value in element.attrib.values()):
        raise UnsafeIcon(f"the icon of {name} refers to something by url() on <{tag}>")
    attributes = format_html_join("", ' {}="{}"', element.attrib.items())
    inner = format_html_join("", "{}", ((_shape(name, child),) for child in element))
    return format_html("<{}{}>{}</{}>", SafeString(tag), attributes, inner, SafeString(tag))
