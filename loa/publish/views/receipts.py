"""The receipt of one delivery."""

from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from loa.ops import clock
from loa.publish import queries
from loa.publish.forms import LinkForm
from loa.publish.models import Delivery
from loa.publish.rules import lifecycle
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.web.fragments import render_parts
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_view")
def show_delivery(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Show what was promised, what went out and how we know."""
    return receipt_page(request, find(request, delivery_id))


def find(request: LoaRequest, delivery_id: int) -> Delivery:
    """Return a delivery of the workspace; Http404 when there is none."""
    return get_object_or_404(queries.with_names(request.workspace), pk=delivery_id)


def receipt_page(
    request: LoaRequest,
    delivery: Delivery,
    *,
    form: LinkForm | None = None,
    trouble: str = "",
    live_trouble: str = "",
    typed: Sequence[str] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Answer with the receipt; trouble: why what was asked was not done.

    live_trouble: why what is live is not changed. typed: the words somebody wanted there.
    """
    now = clock.now()
    shown = queries.receipt(delivery)
    live = queries.live_shown(delivery, shown.document, member=request.member, typed=typed)
    offers = live is not None and (live.may_edit or live.may_remove)
    context = {
        "receipt": shown,
        "delivery": delivery,
        "form": form or LinkForm(),
        "trouble": trouble or ("" if offers else live_trouble),
        "live": live,
        "live_trouble": live_trouble,
        "now": now,
        "waits_until": queries.waits_until(delivery, now=now) if delivery.state == S.DUE else None,
        "may_settle": request.member.may("can_settle"),
        "may_cancel": request.member.may("can_schedule")
        and lifecycle.may_cancel(delivery.state)
        and delivery.state != S.FAILED
        and delivery.unproven_since is None,
        "is_too_soon": shown.judged_from is not None and now < shown.judged_from,
    }
    if request.is_htmx and request.method == "POST":
        return render_parts(
            request, "publish/delivery.html#receipt", context=context, status=status
        )
    return render(request, "publish/delivery.html", context, status=status)
