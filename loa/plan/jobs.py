"""Background work of the plan: posts of series, made ahead of their dates."""

from loa.ops import fence
from loa.ops.jobs import enqueue, every, job
from loa.plan import actions, queries


@every(seconds=3600)
@job("plan.extend_all_series", lane="bulk")
def extend_all_series(**_newer: object) -> None:
    """Give each running series a job of its own, so that one that fails holds up no other."""
    with fence.everywhere("find the series that run"):
        for workspace_id, series_id in queries.series_to_extend():
            enqueue("plan.extend_series", workspace_id=workspace_id, series_id=series_id)


@job("plan.extend_series", lane="bulk")
def extend_series(*, workspace_id: int, series_id: int, **_newer: object) -> None:
    """Make the posts whose dates have come near. Running it twice makes nothing twice."""
    with fence.inside(workspace_id):
        actions.extend_series(series_id)
