"""Everything that is written into the audit trail can be read by a person."""

import ast
import re
from collections.abc import Iterator

from loa.workspace.wording import KIND_LABELS
from tests.house_rules import source

# What writes entries: the action itself, and the shorthands of apps.
WRITERS = {"record_audit", "record_person", "note", "note_delivery", "_note", "_audit"}
ACTION = re.compile(r"[a-z]+\.[a-z_]+")


def actions() -> Iterator[tuple[str, str]]:
    """Yield every action that the product writes, and where."""
    for path in source.product_modules():
        for call, name in source.calls(path):
            if name.rpartition(".")[2] not in WRITERS:
                continue
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and ACTION.fullmatch(str(node.value)):
                    yield str(node.value), source.at(path, call)


def test_every_action_has_a_sentence() -> None:
    worded = {path.stem for path in source.files(".html", "loa") if path.parts[-2] == "audit"}

    unworded = sorted(f"{place}: {action}" for action, place in actions() if action not in worded)

    assert len(set(actions())) > 30
    assert not unworded, "write loa/<app>/templates/audit/<action>.html\n" + "\n".join(unworded)


def test_every_sentence_belongs_to_an_action() -> None:
    written = {action for action, _place in actions()}

    unused = [
        source.named(path)
        for path in source.files(".html", "loa")
        if path.parts[-2] == "audit" and path.stem not in written
    ]

    assert not unused, "\n".join(unused)


def test_every_kind_of_action_has_a_name_to_filter_by() -> None:
    assert {action.partition(".")[0] for action, _place in actions()} <= set(KIND_LABELS)
