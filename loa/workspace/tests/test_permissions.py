"""Who may do what."""

from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import translation

from loa.workspace.rules.permissions import ABILITIES, Ability, Role, may, may_change, may_give
from loa.workspace.wording import ABILITY_LABELS, ROLE_LABELS, ROLE_PURPOSES, permissions_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "permissions.md"


def test_an_owner_may_everything_and_a_viewer_only_look() -> None:
    assert ABILITIES[Role.OWNER] == set(Ability)
    assert ABILITIES[Role.VIEWER] == {Ability.VIEW}


def test_an_owner_may_more_than_a_manager_and_a_manager_more_than_an_editor() -> None:
    for more, less in pairwise((Role.OWNER, Role.MANAGER, Role.EDITOR, Role.VIEWER)):
        assert ABILITIES[more] > ABILITIES[less]


def test_an_approver_cannot_write_and_an_editor_cannot_approve() -> None:
    assert not may(Role.APPROVER, Ability.COMPOSE)
    assert not may(Role.EDITOR, Ability.APPROVE)


@pytest.mark.parametrize(("role", "ability"), [("emperor", "can_view"), ("owner", "can_fly")])
def test_an_unknown_role_or_ability_is_no(role: str, ability: str) -> None:
    assert not may(role, ability)


def test_only_an_owner_touches_owners() -> None:
    assert may_give(Role.OWNER, Role.OWNER)
    assert not may_give(Role.MANAGER, Role.OWNER)
    assert not may_change(Role.MANAGER, present=Role.OWNER, wanted=None)
    assert not may_change(Role.MANAGER, present=Role.EDITOR, wanted=Role.OWNER)
    assert may_change(Role.MANAGER, present=Role.EDITOR, wanted=Role.MANAGER)
    assert not may_change(Role.EDITOR, present=Role.VIEWER, wanted=None)


def test_every_role_and_ability_has_words() -> None:
    assert set(ROLE_LABELS) == set(ROLE_PURPOSES) == set(Role)
    assert set(ABILITY_LABELS) == set(Ability)


def test_the_reference_page_is_the_table_in_force() -> None:
    with translation.override("en"):
        said = permissions_page()

    assert PAGE.read_text(encoding="utf-8") == said, (
        "loa permissions > docs/reference/permissions.md"
    )
