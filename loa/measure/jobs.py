"""Background work of this app: taking the readings that are due."""

from loa.measure import actions
from loa.ops.jobs import every, job


@every(seconds=60)
@job("measure.take_readings", lane="bulk")
def take_readings(**_newer: object) -> None:
    """Read what is due. Running twice is harmless: plans move on with their readings."""
    actions.take_due_readings()


@every(seconds=6 * 3600)
@job("measure.take_channel_readings", lane="bulk")
def take_channel_readings(**_newer: object) -> None:
    """Read each channel's followers, four times a day."""
    actions.take_channel_readings()
