"""Background work of this app: looking at the links of posts before they go out."""

from loa.content.actions import link_checks
from loa.ops.jobs import every, job


@every(seconds=60)
@job("content.check_due_links", lane="bulk", tries=1)
def check_due_links(**_newer: object) -> None:
    """See which links go out within a day, and look at those that want it."""
    link_checks.ask_about_due()
    link_checks.look_at_waiting()


@job("content.check_links", tries=2)
def check_links(**_newer: object) -> None:
    """Look at links that somebody asked about. Running twice is harmless: hosts are held."""
    link_checks.look_at_waiting()
