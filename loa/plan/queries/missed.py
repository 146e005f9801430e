"""Posts whose time passed while they could not be sent, and that wait for a decision."""

from django.db.models import QuerySet

from loa.publish.actions import MISSED
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Workspace


def missed_deliveries(workspace: Workspace) -> QuerySet[Delivery]:
    """Return what was missed and is not settled, in the order in which it was planned."""
    return (
        Delivery.objects.in_workspace(workspace)
        .filter(state=S.FAILED, failure_code=MISSED, needs_person=True)
        .select_related("channel", "post", "workspace", "variant__post")
        .order_by("due_at", "pk")
    )
