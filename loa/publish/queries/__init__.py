"""Reads about deliveries; one module per subject."""

from loa.publish.queries.doubts import doubt_of, judged_from, means_of, means_on
from loa.publish.queries.log import (
    Filters,
    Shown,
    channels_with_deliveries,
    count_by_view,
    count_needing_a_person,
    deliveries_of,
    log,
)
from loa.publish.queries.quotas import QuotaShown, quotas_shown, waits_until
from loa.publish.queries.receipts import PartShown, Receipt, receipt, said_by, with_names

__all__ = [
    "Filters",
    "PartShown",
    "QuotaShown",
    "Receipt",
    "Shown",
    "channels_with_deliveries",
    "count_by_view",
    "count_needing_a_person",
    "deliveries_of",
    "doubt_of",
    "judged_from",
    "log",
    "means_of",
    "means_on",
    "quotas_shown",
    "receipt",
    "said_by",
    "waits_until",
    "with_names",
]
