"""Find every platform: our folders, and packages with a `loa.platforms` entry point."""

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable

from loa import platforms
from loa.connectors.contract import Connector
from loa.connectors.quality import Verdict, read_quality


@cache
def all_connectors() -> dict[str, Connector]:
    """Return every connector by its name, in alphabetical order."""
    return {name: connector for name, (connector, _) in _found().items()}


def connector(name: str) -> Connector:
    """Return the connector called `name`; KeyError when no folder or package provides it."""
    return all_connectors()[name]


def folder(name: str) -> Traversable:
    """Return the folder of a platform: its help, icon, quality.toml and recorded answers."""
    return files(_found()[name][1])


def help_text(name: str, language: str) -> str:
    """Return how a channel is connected, as Markdown: in `language` if there is such a help."""
    primary = language.partition("-")[0]
    translated = folder(name) / f"help.{primary}.md"
    chosen = translated if translated.is_file() else folder(name) / "help.md"
    return chosen.read_text(encoding="utf-8")


def icon_svg(name: str) -> str:
    """Return the platform's glyph, one colour (currentColor)."""
    return (folder(name) / "icon.svg").read_text(encoding="utf-8")


def quality(name: str) -> tuple[Verdict, ...]:
    """Return the platform's answers to the quality checklist."""
    return read_quality((folder(name) / "quality.toml").read_text(encoding="utf-8"))


@cache
def _found() -> dict[str, tuple[Connector, str]]:
    """Return each connector with the name of the package it lives in."""
    packages = [
        f"{platforms.__name__}.{one.name}" for one in pkgutil.iter_modules(platforms.__path__)
    ]
    packages += [entry.module for entry in entry_points(group="loa.platforms")]
    found: dict[str, tuple[Connector, str]] = {}
    for package in packages:
        one: Connector = importlib.import_module(package).CONNECTOR
        found[one.name] = (one, package)
    return dict(sorted(found.items()))
