"""Background work of this app: looking, telling, forgetting. Apart from what publishes."""

from loa.ops import fence, jobs
from loa.ops.jobs import every, job
from loa.watch import actions, wording


@every(seconds=60)
@job("watch.look", tries=1)
def look(**_newer: object) -> None:
    """Open and end alerts; ask for whatever waits to be sent."""
    actions.look()
    with fence.everywhere("see whether an alert waits"):
        if actions.is_waiting():
            jobs.enqueue("watch.tell")


@job("watch.tell", lane="bulk", tries=1)
def tell(**_newer: object) -> None:
    """Send what waits. What fails is tried again by a later run, after a pause."""
    actions.send_notices(wording.said)


@every(seconds=24 * 3600)
@job("watch.forget", lane="bulk")
def forget(**_newer: object) -> None:
    """Forget what is over for months."""
    actions.forget_old_alerts()
