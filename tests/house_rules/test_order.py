"""What an import linter cannot see: relations between tables, and jobs called by name."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from loa.ops import jobs
from tests.house_rules import source

# Migrations of these are the framework's own; everybody may point at them.
GROUND = {"contenttypes", "auth", "sessions"}


def layers() -> list[set[str]]:
    """Return the apps from the lowest layer up, as the import contract orders them."""
    configuration = tomllib.loads((source.ROOT / "pyproject.toml").read_text())
    contracts = configuration["tool"]["importlinter"]["contracts"]
    [order] = [
        one["layers"]
        for one in contracts
        if one["type"] == "layers" and one.get("containers") == ["loa"]
    ]
    return [set(line.replace("|", " ").split()) for line in reversed(order)]


def height(app: str) -> int:
    return next(number for number, line in enumerate(layers()) if app in line)


def relations() -> Iterator[tuple[str, str, str, str]]:
    """Yield app and name of each relation of the product, and app and name of its target."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("loa."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and (
                isinstance(target, type) and issubclass(target, models.Model)
            ):
                here, there = model._meta, target._meta
                yield here.app_label, f"{here.label}.{field.name}", there.app_label, there.label


def test_every_relation_points_down_or_stays_in_its_app() -> None:
    wrong = [
        f"{name} points at {target}"
        for app, name, target_app, target in relations()
        if target_app not in GROUND | {app} and height(target_app) >= height(app)
    ]

    assert len(list(relations())) > 20
    assert not wrong, "\n".join(wrong)


def test_every_enqueued_name_is_a_job() -> None:
    wrong = []
    for path in source.product_modules():
        for call, name in source.calls(path):
            if name.rpartition(".")[2] != "enqueue" or "enqueue" in names_defined(path):
                continue
            match call.args:
                case [ast.Constant(value=str(job)), *_] if job in jobs.all_jobs():
                    continue
                case _:
                    wrong.append(source.at(path, call))

    assert not wrong, "\n".join(wrong)


def names_defined(path: Path) -> set[str]:
    return {node.name for node in source.tree(path).body if isinstance(node, ast.FunctionDef)}
