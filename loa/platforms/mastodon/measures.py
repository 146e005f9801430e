"""How much an account may do in a stretch of time, as instances are delivered. Pure.

An administrator may change these; what an instance says with each status is believed.
"""

from loa.connectors.contract import Answer, Request
from loa.connectors.quotas import Quota, Scope, Told
from loa.connectors.quotas import told as told_by

STATUSES = Quota("statuses", Scope.CHANNEL, allowed=300, window_s=10_800, part=1, edit=1)
QUOTAS = (
    STATUSES,
    # A file is uploaded, then asked for until it is ready.
    Quota(
        "requests",
        Scope.CHANNEL,
        allowed=300,
        window_s=300,
        part=1,
        medium=2,
        edit=1,
        delete=1,
        look=1,
    ),
    Quota("media", Scope.CHANNEL, allowed=30, window_s=1800, medium=1),
    Quota("deletes", Scope.CHANNEL, allowed=30, window_s=1800, delete=1),
)


def told(request: Request, answer: Answer) -> Told | None:
    """Return what is left of the statuses: their answers speak of them alone.

    Other answers speak of whichever limit is nearest, without saying which that is.
    """
    writes = request.method in {"POST", "PUT"} and "/api/v1/statuses" in request.url
    return told_by(STATUSES.name, answer.headers) if writes else None
