"""Background work of the library."""

from loa.library import actions
from loa.ops import clock, fence
from loa.ops.jobs import every, job


@every(seconds=3600)
@job("library.forget_uploads", lane="bulk")
def forget_uploads(**_newer: object) -> None:
    """Drop uploads that were given up."""
    actions.forget_uploads()


@job("library.make_rendition", lane="video")
def make_rendition(*, order_id: int, workspace_id: int, **_newer: object) -> None:
    """Make one rendition that was ordered."""
    actions.make_rendition(order_id=order_id, workspace_id=workspace_id)


@every(seconds=60)
@job("library.resume_renditions")
def resume_renditions(**_newer: object) -> None:
    """Hand out again the orders that have nothing behind them any more."""
    with fence.everywhere("find renditions that nobody makes any more"):
        actions.resume_forgotten(now=clock.now())
