"""Take up again what waited for a file that Loa was still making."""

from loa.library.actions import when_ended
from loa.ops import clock
from loa.publish.actions.telling import wake_dispatcher
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.retries import IN_PREPARATION


@when_ended
def go_on(workspace_id: int) -> None:
    """Look again at once at what waits for media of the workspace: some were made, or failed."""
    now = clock.now()
    waiting = Delivery.objects.filter(
        workspace_id=workspace_id, state=S.DUE, failure_code=IN_PREPARATION, ready_at__gt=now
    )
    if waiting.update(ready_at=now):
        wake_dispatcher()
