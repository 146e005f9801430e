"""How much an account may ask of the network in a stretch of time. Pure."""

from loa.connectors.contract import Answer, Request
from loa.connectors.quotas import Quota, Scope, Told
from loa.connectors.quotas import told as told_by

# An account that was opened with a lower limit says so when it connects. A picture is uploaded
# and then looked at once, as a rule.
REQUESTS = Quota(
    "requests",
    Scope.CHANNEL,
    allowed=100_000,
    window_s=300,
    part=1,
    medium=2,
    edit=1,
    delete=1,
    look=1,
)
QUOTAS = (REQUESTS,)


def told(request: Request, answer: Answer) -> Told | None:
    """Return what is left, as every answer to an account says."""
    del request
    return told_by(REQUESTS.name, answer.headers)
