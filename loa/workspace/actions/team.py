"""Invite people, change what they are, let them go."""

from dataclasses import dataclass, field

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, fence
from loa.workspace import queries
from loa.workspace.actions.audit import record_audit
from loa.workspace.actions.people import NewPerson, create_person
from loa.workspace.models import Invitation, Member, User, Workspace
from loa.workspace.rules import links
from loa.workspace.rules.links import Gone
from loa.workspace.rules.permissions import Role, may_change, may_give


class NotAllowed(LoaError):
    """The member may not do this to that person or role."""


class LastOwner(LoaError):
    """A workspace keeps at least one owner."""


class AlreadyMember(LoaError):
    """The person is a member of this workspace."""


class MeantForAnother(LoaError):
    """The invitation names another address than the person's."""


class InvitationGone(LoaError):
    """The invitation opens nothing. `why` says what happened to it."""

    def __init__(self, why: Gone) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation and its secret, which is shown once and kept nowhere."""

    invitation: Invitation
    token: str = field(repr=False)


def invite_member(workspace: Workspace, *, by: Member, role: str, email: str = "") -> NewInvitation:
    """Make a link by which one person can join as `role`.

    email: if given, only a person with that address can use the link. Raises NotAllowed,
    AlreadyMember.
    """
    if not may_give(by.role, role) or role not in set(Role):
        raise NotAllowed(role)
    email = normalise(email).strip().lower()
    with fence.inside(workspace.pk):
        if email and queries.team(workspace).filter(user__email=email).exists():
            raise AlreadyMember(email)
        token = links.new_token()
        now = clock.now()
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=email,
            role=role,
            token_hash=links.token_hash(token),
            invited_by=by,
            created_at=now,
            expires_at=now + links.INVITATION_LIVES,
        )
        record_audit(
            workspace,
            member=by,
            action="member.invited",
            subject=f"invitation:{invitation.pk}",
            detail={"role": role, "email": email},
        )
    return NewInvitation(invitation, token)


def find_invitation(token: str) -> Invitation:
    """Return the invitation behind a link that still opens; InvitationGone otherwise."""
    with fence.everywhere("find an invitation by its link"):
        invitation = (
            Invitation.objects.filter(token_hash=links.token_hash(token))
            .select_related("workspace", "invited_by__user")
            .first()
        )
        return _open(invitation)


def accept_invitation(token: str, *, person: NewPerson | User) -> Member:
    """Let a person join by a link: somebody signed in, or a new person it makes.

    Once, however many race. Raises InvitationGone, MeantForAnother, AlreadyMember, and what
    create_person raises; then the link still works.
    """
    with fence.everywhere("accept an invitation by its link"):
        invitation = _open(
            Invitation.objects.select_for_update(of=("self",))
            .filter(token_hash=links.token_hash(token))
            .select_related("workspace")
            .first()
        )
        email = normalise(person.email).strip().lower()
        if invitation.email and invitation.email != email:
            raise MeantForAnother(email)
        user = person if isinstance(person, User) else create_person(person)
        member = _join(invitation, user)
        invitation.accepted_at, invitation.accepted_by = clock.now(), member
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record_audit(
            invitation.workspace,
            member=member,
            action="member.joined",
            subject=f"member:{member.pk}",
            detail={"role": member.role, "invitation": invitation.pk},
        )
        return member


def withdraw_invitation(invitation: Invitation, *, by: Member) -> None:
    """Take a link back. Raises InvitationGone when it was used or withdrawn already."""
    workspace = invitation.workspace
    with fence.inside(workspace.pk):
        if not may_give(by.role, invitation.role):
            raise NotAllowed(invitation.role)
        changed = (
            Invitation.objects.in_workspace(workspace)
            .filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
            .update(withdrawn_at=clock.now())
        )
        if not changed:
            raise InvitationGone(Gone.USED)
        record_audit(
            workspace,
            member=by,
            action="invitation.withdrawn",
            subject=f"invitation:{invitation.pk}",
            detail={"role": invitation.role, "email": invitation.email},
        )


def change_role(member: Member, *, role: str, by: Member) -> Member:
    """Make `member` something else. Raises NotAllowed, LastOwner."""
    workspace = member.workspace
    with fence.inside(workspace.pk):
        present, by = _locked(member, by)
        before = present.role
        if role not in set(Role) or not may_change(by.role, present=before, wanted=role):
            raise NotAllowed(role)
        if before == role:
            return present
        _keep_an_owner(present, becomes=role)
        present.role = role
        present.save(update_fields=["role"])
        _withdraw_what_they_may_not_give(present)
        record_audit(
            workspace,
            member=by,
            action="member.role_changed",
            subject=f"member:{member.pk}",
            detail={"from": before, "to": role, "name": str(present.user)},
        )
    return present


def remove_member(member: Member, *, by: Member) -> None:
    """End a membership; their sessions lose this workspace with their next request.

    Anybody may leave; otherwise raises NotAllowed. Raises LastOwner.
    """
    workspace = member.workspace
    with fence.inside(workspace.pk):
        present, by = _locked(member, by)
        if by.pk != present.pk and not may_change(by.role, present=present.role, wanted=None):
            raise NotAllowed(present.role)
        _keep_an_owner(present, becomes=None)
        present.left_at = clock.now()
        present.save(update_fields=["left_at"])
        _withdraw_what_they_may_not_give(present)
        record_audit(
            workspace,
            member=by,
            action="member.left" if by.pk == present.pk else "member.removed",
            subject=f"member:{member.pk}",
            detail={"role": present.role, "name": str(present.user)},
        )


def restore_member(member: Member, *, by: Member) -> Member:
    """Take a removal back: the member returns with the role they had. Raises NotAllowed.

    Nothing happens to somebody who has come back already.
    """
    workspace = member.workspace
    with fence.inside(workspace.pk):
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        found = Member.objects.in_workspace(workspace).select_related("user", "workspace")
        gone = found.get(pk=member.pk)
        if not may_give(by.role, gone.role):
            raise NotAllowed(gone.role)
        if gone.left_at is None:
            return gone
        gone.left_at = None
        gone.save(update_fields=["left_at"])
        record_audit(
            workspace,
            member=by,
            action="member.restored",
            subject=f"member:{gone.pk}",
            detail={"role": gone.role, "name": str(gone.user)},
        )
    return gone


def _open(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise InvitationGone(Gone.UNKNOWN)
    why = links.why_gone(
        expires_at=invitation.expires_at,
        used_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        now=clock.now(),
    )
    if why:
        raise InvitationGone(why)
    return invitation


def _join(invitation: Invitation, user: User) -> Member:
    """Make the person a member; somebody who had left comes back as the same member."""
    now = clock.now()
    member, is_new = Member.objects.select_for_update(of=("self",)).get_or_create(
        workspace=invitation.workspace,
        user=user,
        defaults={"role": invitation.role, "joined_at": now},
    )
    if is_new:
        return member
    if member.left_at is None:
        raise AlreadyMember(user.email)
    member.role, member.left_at, member.joined_at = invitation.role, None, now
    member.save(update_fields=["role", "left_at", "joined_at"])
    return member


def _locked(member: Member, by: Member) -> tuple[Member, Member]:
    """Lock the team, so that two owners cannot remove each other at once; return both afresh.

    Raises NotAllowed when one of them has left in the meantime.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=member.workspace_id)
    present = queries.team(member.workspace).in_bulk([member.pk, by.pk])
    if len(present) < len({member.pk, by.pk}):
        raise NotAllowed("they have left")
    return present[member.pk], present[by.pk]


def _keep_an_owner(member: Member, *, becomes: str | None) -> None:
    if member.role != Role.OWNER or becomes == Role.OWNER:
        return
    others = queries.team(member.workspace).filter(role=Role.OWNER).exclude(pk=member.pk)
    if not others.exists():
        raise LastOwner


def _withdraw_what_they_may_not_give(member: Member) -> None:
    """Take back open links of a member who could not make them any more."""
    mine = Invitation.objects.in_workspace(member.workspace).filter(
        invited_by=member, accepted_at=None, withdrawn_at=None
    )
    lost = [
        invitation.pk
        for invitation in mine
        if member.left_at or not may_give(member.role, invitation.role)
    ]
    mine.filter(pk__in=lost).update(withdrawn_at=clock.now())
