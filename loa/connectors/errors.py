"""What can go wrong between us and a platform, by what we should do about it.

ConnectorError
├── NotSent (RateLimited,    nothing was published; trying again is safe
│            GrantExpired, NotReady, StillProcessing)
├── Refused (ChannelLost)    the platform said no; only a person can change the outcome
└── Uncertain                the answer was lost; it may be live. Look before you retry
"""

from loa.kernel.errors import LoaError
from loa.kernel.json import JSON


class ConnectorError(LoaError):
    """Base of the family.

    `detail` is for the log; the templates word `code` for people. `code` is stable,
    lower case with dots: "text.too_long", "media.refused", "grant.withdrawn", ...
    """

    def __init__(
        self,
        detail: str,
        *,
        platform: str,
        code: str = "",
        status: int | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(f"{platform}: {detail}")
        self.detail = detail
        self.platform = platform
        self.code = code
        self.status = status
        self.request_id = request_id


class NotSent(ConnectorError):
    """Nothing was published: connection refused, or a clean answer that says so."""


class RateLimited(NotSent):
    """The platform asks us to wait `retry_after_s` seconds."""

    def __init__(
        self,
        detail: str,
        *,
        platform: str,
        retry_after_s: float,
        code: str = "rate.limited",
        status: int | None = 429,
        request_id: str = "",
    ) -> None:
        super().__init__(detail, platform=platform, code=code, status=status, request_id=request_id)
        self.retry_after_s = retry_after_s


class GrantExpired(NotSent):
    """The grant ran out by time: renew it once and try again. Still failing is ChannelLost."""


class NotReady(NotSent):
    """We ourselves still prepare what is to be sent: waiting for it is no failed try."""


class StillProcessing(NotSent):
    """The platform has the files and is not done with them.

    uploads: its names for those it has, in the order of the part's media. The next try asks
    for these (OutgoingPart.uploads) instead of uploading them again.
    """

    def __init__(
        self,
        detail: str,
        *,
        platform: str,
        uploads: tuple[JSON, ...],
        code: str = "media.processing",
    ) -> None:
        super().__init__(detail, platform=platform, code=code)
        self.uploads = uploads


class Refused(ConnectorError):
    """The platform said no; the same request would be refused again."""


class ChannelLost(Refused):
    """The grant is gone: a person must reconnect the channel."""


class Uncertain(ConnectorError):
    """The answer was lost after the request went out; it may be live."""
