"""Bring the café's people together."""

from collections.abc import Mapping
from dataclasses import dataclass

from loa.content.models import ReviewRule
from loa.create.actions import set_review_rule
from loa.ops import fence
from loa.site.demo.story import Story
from loa.workspace import queries
from loa.workspace.actions import (
    NewPerson,
    accept_invitation,
    create_person,
    create_workspace,
    invite_member,
)
from loa.workspace.models import Member, Workspace
from loa.workspace.rules.permissions import Role


@dataclass(frozen=True, slots=True)
class Cast:
    """The workspace and its members, by their name in the story. None of them has a password."""

    workspace: Workspace
    owner: Member
    members: Mapping[str, Member]


def gather(story: Story) -> Cast:
    """Found the demo workspace, and let its people join by invitation."""
    [first, *others] = story.people
    person = create_person(_person(first))
    workspace = create_workspace(
        story.workspace["name"],
        owner=person,
        time_zone=story.workspace["time_zone"],
        language=story.workspace["language"],
        is_demo=True,
    )
    with fence.inside(workspace.pk):
        owner = queries.team(workspace).get(user=person)
        members = {first["id"]: owner}
        for told in others:
            invited = invite_member(
                workspace, by=owner, role=Role(told["role"]), email=told["email"]
            )
            member = accept_invitation(invited.token, person=_person(told))
            members[told["id"]] = queries.team(workspace).get(pk=member.pk)
        set_review_rule(owner, mode=ReviewRule.Mode.ANY, may_approve_own=False)
    return Cast(workspace, owner, members)


def _person(told: Mapping[str, str]) -> NewPerson:
    return NewPerson(email=told["email"], name=told["name"], language=told["language"])
