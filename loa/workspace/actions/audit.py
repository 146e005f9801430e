"""Write the audit trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from loa.kernel.json import JSON
from loa.ops import clock, fence
from loa.workspace.actions.keys import audit_key
from loa.workspace.models import AuditEntry, Member, User, Workspace
from loa.workspace.rules import audit_chain


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, for `record_audits`; the fields are as in `record_audit`."""

    action: str
    subject: str = ""
    detail: Mapping[str, JSON] = field(default_factory=dict)


def record_audit(
    workspace: Workspace,
    *,
    member: Member | None,
    action: str,
    subject: str = "",
    detail: Mapping[str, JSON] | None = None,
) -> AuditEntry:
    """Append what happened to the workspace's trail, inside the caller's transaction.

    member: who did it; None for the system, a platform or a stranger. action: "noun.verb-ed",
    such as "channel.connected"; the audit page words it. subject: "noun:id". detail: plain
    values, never a secret, never a float (ValueError).

    Entries of one workspace queue behind each other until the transaction ends: call it last,
    after locking whatever else the transaction locks, and never before waiting for a platform.
    """
    [entry] = record_audits(workspace, [Happened(action, subject, detail or {})], member=member)
    return entry


def record_audits(
    workspace: Workspace, happened: Sequence[Happened], *, member: Member | None
) -> list[AuditEntry]:
    """Append what happened, in its order; see `record_audit`."""
    kept = [audit_chain.fit_to_keep(one.detail) for one in happened]
    with fence.inside(workspace.pk):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('loa.audit', %s))", [workspace.pk]
            )
        last = (
            AuditEntry.objects.in_workspace(workspace)
            .order_by("-number")
            .values_list("number", "hash")
            .first()
        )
        number, previous_hash = last or (0, audit_chain.FIRST_HASH)
        key, now = audit_key(workspace), clock.now()
        rows: list[AuditEntry] = []
        for one, detail in zip(happened, kept, strict=True):
            number += 1
            entry = audit_chain.Entry(
                workspace_id=workspace.pk,
                number=number,
                at=now,
                member_id=member.pk if member else None,
                action=one.action,
                subject=one.subject,
                detail=detail,
                previous_hash=previous_hash,
            )
            row = AuditEntry(
                workspace=workspace,
                number=number,
                at=now,
                member=member,
                action=one.action,
                subject=one.subject,
                detail=detail,
                previous_hash=previous_hash,
                hash=audit_chain.seal(entry, key=key),
            )
            rows.append(row)
            previous_hash = row.hash
        return AuditEntry.objects.bulk_create(rows)


def record_person(user: User, *, action: str, detail: Mapping[str, JSON] | None = None) -> None:
    """Append what a person did to their account to the trail of each workspace they are in."""
    with fence.everywhere("tell each workspace of a person"):
        members = Member.objects.filter(user_id=user.pk, left_at=None).select_related("workspace")
        for member in members.order_by("workspace_id"):
            record_audit(
                member.workspace,
                member=member,
                action=action,
                subject=f"member:{member.pk}",
                detail=detail,
            )
