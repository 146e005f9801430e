"""How far a video is, for templates."""

from dataclasses import dataclass

from django import template

from loa.library import wording
from loa.library.models import Asset, RenditionOrder
from loa.library.rules.film import Plan

register = template.Library()
S = RenditionOrder.State
SHOWN = {
    S.WAITING: "preparing",
    S.WORKING: "preparing",
    S.MADE: "fine",
    S.FAILED: "failed",
    S.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Progress:
    """One rendition on the page. percent: None until it has begun. state: a chip's."""

    order: RenditionOrder
    title: str
    state: str
    percent: int | None
    reason: str

    @property
    def words(self) -> str:
        """How far it is, to be read."""
        return "" if self.percent is None else f"{self.percent}%"

    @property
    def is_open(self) -> bool:
        """True while it can be stopped."""
        return self.state == "preparing"

    @property
    def may_begin_again(self) -> bool:
        """True when it ended without a file."""
        return self.state in {"failed", "cancelled"}


@register.simple_tag
def renditions_of(asset: Asset) -> list[Progress]:
    """Return the renditions that were ordered of a video, the oldest first."""
    return [_progress(order) for order in asset.orders.order_by("ordered_at", "pk")]


def _progress(order: RenditionOrder) -> Progress:
    plan = Plan.from_json(order.plan)
    share = 100 * order.done_ms // max(plan.duration_ms, 1)
    return Progress(
        order=order,
        title=wording.for_what(order.need, plan),
        state=SHOWN[S(order.state)],
        percent=min(share, 99) if order.state == S.WORKING else None,
        reason=wording.order_failure(order.failure_code) if order.state == S.FAILED else "",
    )
