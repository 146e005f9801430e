"""Who may agree to a post, and when enough have. Members are told apart by their ids."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Who must agree before anything goes out."""

    NONE = "none"
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """A workspace's review rule. listed: who must agree under ALL; empty elsewhere.

    good_for_days: how long an approval is good; None: until the content changes.
    """

    mode: str = Mode.NONE
    may_approve_own: bool = False
    listed: frozenset[int] = frozenset()
    good_for_days: int | None = None


class WhyNot(StrEnum):
    """Why a member's approval is not taken."""

    NO_ABILITY = "no_ability"
    OWN_POST = "own_post"
    NOT_LISTED = "not_listed"


def barred(rule: Rule, *, writer: int, last_editor: int | None) -> frozenset[int]:
    """Return who may not approve because the words are their own."""
    if rule.may_approve_own:
        return frozenset()
    return frozenset({writer} | ({last_editor} if last_editor is not None else set()))


def wanted(rule: Rule, *, able: Collection[int], own: Collection[int]) -> frozenset[int]:
    """Return the members who each must agree; empty when any one who may is enough.

    able: members who may approve at all, today. A list whose people have all left, or who all
    wrote the post themselves, asks for any other approver instead of nobody.
    """
    if rule.mode != Mode.ALL:
        return frozenset()
    return frozenset(rule.listed & set(able)) - set(own)


def why_not(
    rule: Rule, *, member: int, able: Collection[int], own: Collection[int]
) -> WhyNot | None:
    """Return why `member` may not approve, None when they may."""
    if member not in able:
        return WhyNot.NO_ABILITY
    if member in own:
        return WhyNot.OWN_POST
    must = wanted(rule, able=able, own=own)
    if must and member not in must:
        return WhyNot.NOT_LISTED
    return None


def is_satisfied(
    rule: Rule,
    *,
    approved_by: Collection[int],
    against: Collection[int],
    able: Collection[int],
    own: Collection[int],
) -> bool:
    """Say whether these votes on one content are enough.

    against: members whose last word on this content, since review was asked, is for changes.
    Under NONE a review was asked for all the same, and one approver answers it.
    """
    counted = {one for one in approved_by if why_not(rule, member=one, able=able, own=own) is None}
    if not counted or set(against) & set(able):
        return False
    return wanted(rule, able=able, own=own) <= counted
