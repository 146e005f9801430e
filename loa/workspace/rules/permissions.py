"""Who may do what. The table of docs/reference/permissions.md is made from this one."""

from enum import StrEnum


class Role(StrEnum):
    """What a member is in a workspace."""

    OWNER = "owner"
    MANAGER = "manager"
    EDITOR = "editor"
    APPROVER = "approver"
    ANALYST = "analyst"
    RESPONDER = "responder"
    VIEWER = "viewer"


class Ability(StrEnum):
    """One thing that a role may or may not do."""

    VIEW = "can_view"
    COMPOSE = "can_compose"
    SCHEDULE = "can_schedule"
    APPROVE = "can_approve"
    COMMENT = "can_comment"
    PLAN = "can_plan"
    SETTLE = "can_settle"
    PAUSE = "can_pause"
    MANAGE_CHANNELS = "can_manage_channels"
    MANAGE_TEAM = "can_manage_team"
    MANAGE_WORKSPACE = "can_manage_workspace"
    RESET_PASSWORDS = "can_reset_passwords"
    SEE_READINGS = "can_see_readings"
    SEE_AUDIT = "can_see_audit"
    WATCH = "can_watch"


_EVERYBODY = {Ability.VIEW, Ability.SEE_READINGS}
_WRITER = _EVERYBODY | {Ability.COMPOSE, Ability.COMMENT}
_MANAGER = _WRITER | {
    Ability.SCHEDULE,
    Ability.APPROVE,
    Ability.PLAN,
    Ability.SETTLE,
    Ability.PAUSE,
    Ability.MANAGE_CHANNELS,
    Ability.MANAGE_TEAM,
    Ability.SEE_AUDIT,
    Ability.WATCH,
}

ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.OWNER: frozenset(Ability),
    Role.MANAGER: frozenset(_MANAGER),
    Role.EDITOR: frozenset(_WRITER | {Ability.SCHEDULE, Ability.PLAN}),
    Role.APPROVER: frozenset(_EVERYBODY | {Ability.APPROVE, Ability.COMMENT}),
    Role.ANALYST: frozenset(_EVERYBODY),
    Role.RESPONDER: frozenset(_EVERYBODY | {Ability.COMMENT}),
    Role.VIEWER: frozenset({Ability.VIEW}),
}


def may(role: str, ability: str) -> bool:
    """Say whether `role` has `ability`. An unknown role may do nothing."""
    try:
        return Ability(ability) in ABILITIES[Role(role)]
    except ValueError:
        return False


def may_give(giver: str, role: str) -> bool:
    """Say whether a member with role `giver` may invite or promote someone to `role`.

    Only an owner makes owners; a manager hands out every other role.
    """
    if not may(giver, Ability.MANAGE_TEAM):
        return False
    return giver == Role.OWNER or role != Role.OWNER


def may_change(changer: str, *, present: str, wanted: str | None) -> bool:
    """Say whether `changer` may turn a member from `present` into `wanted` (None: remove them).

    Only an owner changes or removes an owner.
    """
    if not may(changer, Ability.MANAGE_TEAM):
        return False
    return changer == Role.OWNER or Role.OWNER not in {present, wanted}
