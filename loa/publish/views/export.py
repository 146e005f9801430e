"""The log as a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loa.ops import clock, sheets
from loa.publish import queries, wording
from loa.publish.models import Attempt, Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.views import log_filters
from loa.workspace.access import LoaRequest, requires
from loa.workspace.actions import record_audit


@require_GET
@requires("can_view")
def export_deliveries(request: LoaRequest) -> HttpResponseBase:
    """Give all that the filters hold as CSV.

    Written to the disk first: a reader who takes a file slowly would hold a transaction open.
    """
    now = clock.now()
    filters = log_filters.read(request.GET)
    name = f"loa-{request.workspace.slug}-{timezone.localtime(now):%Y-%m-%d}.csv"

    def rows() -> Iterator[list[str]]:
        yield _head()
        for delivery, attempt in queries.for_export(request.workspace, filters, now=now):
            yield _cells(delivery, attempt)

    kept = sheets.csv_file(rows())
    record_audit(request.workspace, member=request.member, action="delivery.exported")
    return FileResponse(kept, as_attachment=True, filename=name, content_type="text/csv")


def _head() -> list[str]:
    return [
        _("Id"),
        _("State"),
        _("Channel"),
        _("Platform"),
        _("Post"),
        _("Campaign"),
        _("Handed over by"),
        _("Planned for"),
        _("Sent"),
        _("Confirmed live"),
        _("Late, seconds"),
        _("Link"),
        _("What happened"),
        _("Tries"),
        _("Last request id"),
    ]


def _cells(delivery: Delivery, attempt: Attempt | None) -> list[str]:
    promised = max(delivery.due_at, delivery.scheduled_at)
    late = (delivery.delivered_at - promised).total_seconds() if delivery.delivered_at else None
    troubled = delivery.state in {S.FAILED, S.UNCERTAIN}
    campaign = delivery.post.campaign
    return [
        str(delivery.pk),
        delivery.state,
        str(delivery.channel),
        delivery.channel.platform,
        str(delivery.post),
        campaign.name if campaign else "",
        str(delivery.scheduled_by),
        _local(delivery.due_at),
        _local(delivery.sending_at),
        _local(delivery.delivered_at),
        "" if late is None else f"{late:.1f}",
        delivery.url,
        wording.why(delivery) if troubled else "",
        str(delivery.tries),
        attempt.request_id if attempt else "",
    ]


def _local(instant: datetime | None) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M:%S}" if instant else ""
