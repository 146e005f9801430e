"""Find every platform: our folders, and packages with a `loa.platforms` entry point."""

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points

from loa import platforms
from loa.connectors.contract import Connector


@cache
def all_connectors() -> dict[str, Connector]:
    """Return every connector by its name, in alphabetical order."""
    found: dict[str, Connector] = {}
    for module in pkgutil.iter_modules(platforms.__path__):
        connector = importlib.import_module(f"loa.platforms.{module.name}").CONNECTOR
        found[connector.name] = connector
    for entry in entry_points(group="loa.platforms"):
        connector = entry.load()
        found[connector.name] = connector
    return dict(sorted(found.items()))


def connector(name: str) -> Connector:
    """Return the connector called `name`; KeyError when no folder or package provides it."""
    return all_connectors()[name]
