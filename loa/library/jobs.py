"""Background work of the library."""

from loa.library import actions
from loa.ops.jobs import every, job


@every(seconds=3600)
@job("library.forget_uploads", lane="bulk")
def forget_uploads(**_newer: object) -> None:
    """Drop uploads that were given up."""
    actions.forget_uploads()
