"""Read who is where."""

from collections.abc import Iterator

from django.db.models import F, Func, QuerySet, TextField, Value

from loa.ops import fence
from loa.workspace.models import AuditEntry, Invitation, Member, User, Workspace
from loa.workspace.rules.audit_chain import Entry
from loa.workspace.rules.permissions import Role

# What the hash of an entry covers, in the order of Entry.
_SEALED = ("number", "at", "member_id", "action", "subject", "detail", "previous_hash")


def first_owner() -> User | None:
    """Return the installation's longest-serving owner, the demo's cast aside; None before sign-up.

    Needs a fence that sees every workspace.
    """
    return (
        User.objects.filter(
            memberships__role=Role.OWNER,
            memberships__left_at=None,
            memberships__workspace__is_demo=False,
        )
        .order_by("memberships__joined_at", "pk")
        .first()
    )


def workspaces_of(user: User) -> list[Workspace]:
    """Return the workspaces in which the person is a member today, by name; the demo last."""
    with fence.everywhere("list where a person is a member"):
        return list(
            Workspace.objects.filter(members__user_id=user.pk, members__left_at=None).order_by(
                "is_demo", "name", "pk"
            )
        )


def team(workspace: Workspace) -> QuerySet[Member]:
    """Return the present members, the longest-serving first."""
    return (
        Member.objects.in_workspace(workspace)
        .filter(left_at=None)
        .select_related("user", "workspace")
        .order_by("joined_at", "pk")
    )


def everybody(workspace: Workspace) -> QuerySet[Member]:
    """Return everybody who is or was a member, by name."""
    return (
        Member.objects.in_workspace(workspace).select_related("user").order_by("user__name", "pk")
    )


def may_found(user: User) -> bool:
    """Say whether the person may found workspaces: whoever owns one, the demo aside."""
    with fence.everywhere("see whether a person owns a workspace"):
        return Member.objects.filter(
            user_id=user.pk, role=Role.OWNER, left_at=None, workspace__is_demo=False
        ).exists()


def open_invitations(workspace: Workspace) -> QuerySet[Invitation]:
    """Return the invitations nobody accepted or withdrew, also the expired ones, newest first."""
    return (
        Invitation.objects.in_workspace(workspace)
        .filter(accepted_at=None, withdrawn_at=None)
        .select_related("invited_by__user")
        .order_by("-created_at", "-pk")
    )


def audit_entries(
    workspace: Workspace, *, member_id: int | None = None, kind: str = ""
) -> QuerySet[AuditEntry]:
    """Return what was done, newest first: by one member, about one kind of thing ("post")."""
    entries = AuditEntry.objects.in_workspace(workspace).select_related("member__user")
    if member_id is not None:
        entries = entries.filter(member_id=member_id)
    if kind:
        entries = entries.filter(action__startswith=f"{kind}.")
    return entries.order_by("-number")


def audit_kinds(workspace: Workspace) -> list[str]:
    """Return the kinds of thing the trail speaks of: what stands before the action's dot."""
    kinds = AuditEntry.objects.in_workspace(workspace).annotate(
        kind=Func(
            F("action"), Value("."), Value(1), function="split_part", output_field=TextField()
        )
    )
    return sorted(kinds.order_by("kind").values_list("kind", flat=True).distinct())


def audit_chain_of(workspace: Workspace) -> Iterator[tuple[Entry, str]]:
    """Yield every audit entry in order with the hash kept beside it; needs its fence."""
    rows = (
        AuditEntry.objects.in_workspace(workspace)
        .order_by("number")
        .values_list(
            "number", "at", "member_id", "action", "subject", "detail", "previous_hash", "hash"
        )
    )
    for number, at, member_id, action, subject, detail, previous_hash, kept in rows.iterator():
        yield (
            Entry(workspace.pk, number, at, member_id, action, subject, detail, previous_hash),
            kept,
        )


def audit_head(workspace: Workspace) -> tuple[int, str]:
    """Return number and hash of the last audit entry; (0, "") when there is none."""
    rows = AuditEntry.objects.in_workspace(workspace).order_by("-number")
    return rows.values_list("number", "hash").first() or (0, "")


def has_audit_entry(workspace: Workspace, number: int, kept: str) -> bool:
    """Say whether the trail holds the entry `number` with the hash `kept`."""
    rows = AuditEntry.objects.in_workspace(workspace)
    return rows.filter(number=number, hash=kept).exists()
