"""Background work of this app: looking after connected channels."""

from loa.channels import actions
from loa.ops.jobs import every, job


@every(seconds=1800)
@job("channels.check_channels", lane="bulk")
def check_channels(**_newer: object) -> None:
    """Check every connected channel that was not checked for a while."""
    actions.check_stale_channels()
