"""HTML that cannot forget to escape: everything is text unless it was built here."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import Final

_WITHOUT_CONTENT: Final = frozenset({"img", "input", "link", "meta", "br", "path", "circle"})


class Html(str):
    """Text that is HTML already. Only this module and trusted files make it."""

    __slots__ = ()


type Child = str | None
type Attribute = str | int | bool | None


def element(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """Return one element. class_ and for_ lose their underscore, others turn it into a dash.

    An attribute that is True has no value; one that is False or None is left out.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _WITHOUT_CONTENT:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Html:
    """Return children after each other, escaping those that are plain text."""
    return Html(
        "".join(
            child if isinstance(child, Html) else escape(child, quote=False)
            for child in children
            if child is not None
        )
    )


def trusted_file(name: str) -> Html:
    """Return the content of one of our own files as it is."""
    return Html(files(__package__).joinpath("static", name).read_text("utf-8"))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'
