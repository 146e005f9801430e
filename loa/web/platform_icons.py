"""The icons of platforms, made safe to put into a page.

A platform's icon.svg is drawn by whoever wrote its folder, also by other packages, so only plain
shapes are let through. A page carries one sheet of symbols and refers to them.
"""

from functools import cache
from xml.etree import ElementTree as ET

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from loa.connectors import registry

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset({"g", "path", "circle", "ellipse", "rect", "polygon", "polyline", "line"})
DRAWING = ("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height")
PAINT = ("fill", "fill-rule", "fill-opacity", "clip-rule", "opacity", "transform", "points")
STROKE = ("stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
ATTRIBUTES = frozenset((*DRAWING, *PAINT, *STROKE))


class UnsafeIcon(ValueError):
    """An icon that holds more than plain shapes. The message names what."""


def symbol(name: str, svg: str) -> SafeString:
    """Return `svg` as a symbol called platform-`name`, or raise UnsafeIcon."""
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        raise UnsafeIcon(f"the icon of {name} declares a document type")
    root = ET.fromstring(svg)  # noqa: S314 (no document type, so nothing to expand)
    view_box = root.get("viewBox", "")
    if root.tag != f"{SVG}svg" or not view_box:
        raise UnsafeIcon(f"the icon of {name} is not an <svg> with a viewBox")
    shapes = format_html_join("", "{}", ((_shape(name, child),) for child in root))
    return format_html('<symbol id="platform-{}" viewBox="{}">{}</symbol>', name, view_box, shapes)


@cache
def sheet() -> SafeString:
    """Return the symbols of every platform that is installed."""
    return format_html_join(
        "", "{}", ((symbol(name, registry.icon_svg(name)),) for name in registry.all_connectors())
    )


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
