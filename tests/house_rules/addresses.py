"""Every address of the product, read from the resolver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver

WORKSPACE = "workspace_slug"


@dataclass(frozen=True, slots=True)
class Address:
    """One address. route: as it is spelled in the URLconf. name: with its namespace."""

    route: str
    name: str
    arguments: tuple[str, ...]
    view: Callable[..., HttpResponseBase]

    @property
    def is_in_workspace(self) -> bool:
        """True for a page of a workspace."""
        return WORKSPACE in self.arguments

    @property
    def ability(self) -> str:
        """The ability that the gate asks for; "" when there is no gate."""
        return getattr(self.view, "ability", "")

    @property
    def is_served(self) -> bool:
        """True unless it is only there while developing."""
        return not self.view.__module__.startswith("loa.web.gallery")

    @property
    def is_ours(self) -> bool:
        """True when the view is our own code."""
        return self.view.__module__.startswith("loa.")


def every_address(resolver: URLResolver) -> list[Address]:
    """Return every address below `resolver`."""
    return list(_below(resolver, "", (), ()))


def _below(
    resolver: URLResolver, route: str, namespaces: tuple[str, ...], arguments: tuple[str, ...]
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        taken: dict[str, Any] = getattr(entry.pattern, "converters", {})
        known = (*arguments, *(taken or entry.pattern.regex.groupindex))
        if isinstance(entry, URLPattern):
            name = ":".join((*namespaces, entry.name or ""))
            yield Address(whole, name, known, entry.callback)
        else:
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _below(entry, whole, inner, known)
