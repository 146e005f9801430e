"""How much an account, and this machine, may do in a stretch of time. Pure.

Writes cost points: creating a record 3, changing one 2, deleting one 1.
"""

import re

from loa.connectors.contract import Answer, Request
from loa.connectors.quotas import Quota, Scope, Told
from loa.connectors.quotas import told as told_by

QUOTAS = (
    Quota("points_hour", Scope.CHANNEL, allowed=5_000, window_s=3_600, part=3, edit=2, delete=1),
    Quota("points_day", Scope.CHANNEL, allowed=35_000, window_s=86_400, part=3, edit=2, delete=1),
    # All accounts on one server share it. Handles, parents and link cards are asked for first.
    Quota(
        "requests",
        Scope.ORIGIN,
        allowed=3_000,
        window_s=300,
        part=4,
        medium=1,
        edit=1,
        delete=1,
        look=1,
    ),
)
_WINDOW = re.compile(r";\s*w=(\d{1,9})\b")


def told(request: Request, answer: Answer) -> Told | None:
    """Return what is left of the quota whose window the answer to a write names.

    Other calls have limits of their own, which are none of these.
    """
    window = _WINDOW.search(answer.headers.get("ratelimit-policy", ""))
    if window is None or "/xrpc/com.atproto.repo." not in request.url:
        return None
    seconds = int(window[1])
    name = next((one.name for one in QUOTAS if one.window_s == seconds), None)
    return told_by(name, answer.headers, prefix="ratelimit-") if name else None
