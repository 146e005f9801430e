"""Tell those who wait and those who ask later: dispatcher, open pages, audit trail."""

from collections.abc import Iterable, Mapping

from loa.kernel.json import JSON
from loa.ops import jobs, live
from loa.publish.models import Delivery
from loa.workspace.actions import record_audit
from loa.workspace.models import Member, Workspace

DUE = "loa_due"


def wake_dispatcher() -> None:
    """Wake every dispatcher once this transaction commits."""
    jobs.wake(DUE)


def tell_pages(deliveries: Iterable[Delivery]) -> None:
    """Let open pages of the workspace show the new state of `deliveries`."""
    live.announce_all(((one.workspace_id, one.pk) for one in deliveries), topic="delivery")


def note(
    workspace: Workspace,
    *,
    by: Member | None,
    action: str,
    subject: str,
    detail: Mapping[str, JSON] | None = None,
) -> None:
    """Write who did what into the audit trail. The last step of a transaction."""
    record_audit(workspace, member=by, action=action, subject=subject, detail=detail)


def note_delivery(delivery: Delivery, *, by: Member | None, action: str, **detail: JSON) -> None:
    """Write into the audit trail what was done with one delivery."""
    note(
        delivery.workspace,
        by=by,
        action=action,
        subject=f"delivery:{delivery.pk}",
        detail={"post": delivery.post_id, "channel": delivery.channel_id, **detail},
    )
