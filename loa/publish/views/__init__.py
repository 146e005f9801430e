"""Pages of deliveries; one module per subject."""

from loa.publish.views.changing_live import (
    approve_change,
    edit_live,
    remove_live,
    withdraw_change,
)
from loa.publish.views.export import export_deliveries
from loa.publish.views.lateness import show_lateness
from loa.publish.views.log import show_deliveries, show_post_deliveries
from loa.publish.views.pausing import pause_all, pause_channel, resume_all, resume_channel
from loa.publish.views.quotas import show_channel_quotas
from loa.publish.views.receipts import show_delivery
from loa.publish.views.settling import (
    cancel_delivery,
    leave_failed,
    retry_failed,
    settle_as_live,
    settle_as_not_live,
)

__all__ = [
    "approve_change",
    "cancel_delivery",
    "edit_live",
    "export_deliveries",
    "leave_failed",
    "pause_all",
    "pause_channel",
    "remove_live",
    "resume_all",
    "resume_channel",
    "retry_failed",
    "settle_as_live",
    "settle_as_not_live",
    "show_channel_quotas",
    "show_deliveries",
    "show_delivery",
    "show_lateness",
    "show_post_deliveries",
    "withdraw_change",
]
