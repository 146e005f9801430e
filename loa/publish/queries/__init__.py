"""Reads about deliveries; one module per subject."""

from loa.publish.queries.doubts import doubt_of, judged_from, means_of, means_on
from loa.publish.queries.live_changes import LiveShown, edits_wanted_from, live_shown
from loa.publish.queries.log import (
    MOST_COUNTED,
    Filters,
    LogPage,
    Shown,
    campaigns_of,
    channels_with_deliveries,
    count_by_view,
    count_newer,
    deliveries_of,
    for_export,
    log,
    log_page,
    members_of,
    needing_a_person,
)
from loa.publish.queries.quotas import QuotaShown, quotas_shown, waits_until
from loa.publish.queries.receipts import PartShown, Receipt, receipt, said_by, with_names

__all__ = [
    "MOST_COUNTED",
    "Filters",
    "LiveShown",
    "LogPage",
    "PartShown",
    "QuotaShown",
    "Receipt",
    "Shown",
    "campaigns_of",
    "channels_with_deliveries",
    "count_by_view",
    "count_newer",
    "deliveries_of",
    "doubt_of",
    "edits_wanted_from",
    "for_export",
    "judged_from",
    "live_shown",
    "log",
    "log_page",
    "means_of",
    "means_on",
    "members_of",
    "needing_a_person",
    "quotas_shown",
    "receipt",
    "said_by",
    "waits_until",
    "with_names",
]
