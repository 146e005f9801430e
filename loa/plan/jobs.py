"""Background work of the plan: posts of series, and evergreen posts for free slots."""

from loa.ops import fence
from loa.ops.jobs import enqueue, every, job
from loa.plan import actions, queries
from loa.plan.queries import evergreen


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


@every(seconds=3600)
@job("plan.fill_all_pools", lane="bulk")
def fill_all_pools(**_newer: object) -> None:
    """Give each channel whose free slots are filled a job of its own."""
    with fence.everywhere("find the channels whose free slots are filled"):
        for workspace_id, pool_id in evergreen.pools_to_fill():
            enqueue("plan.fill_pool", workspace_id=workspace_id, pool_id=pool_id)


@job("plan.fill_pool", lane="bulk")
def fill_pool(*, workspace_id: int, pool_id: int, **_newer: object) -> None:
    """Fill the free slots of a channel. Running it twice fills nothing twice."""
    with fence.inside(workspace_id):
        actions.fill_pool(pool_id)
