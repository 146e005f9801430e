"""What an answer that is not a success means, in the terms of connectors/errors.py."""

from http import HTTPStatus

from loa.connectors.contract import Answer
from loa.connectors.errors import (
    ChannelLost,
    ConnectorError,
    NotSent,
    RateLimited,
    Refused,
    Uncertain,
)

PLATFORM = "sandbox"
RATE_WINDOW_S = 300.0

# The network's codes in the words every platform shares.
_CODES = {
    "text.too_long": "text.too_long",
    "post.empty": "text.empty",
    "post.unknown": "post.gone",
    "post.not_yours": "permission.missing",
    "listing.unavailable": "read_back.unavailable",
    "media.unknown": "media.expired",
    "media.too_large": "media.too_large",
    "media.too_many": "media.too_many",
    "media.too_many_pixels": "media.too_large",
    "media.unsupported": "media.type",
    "media.empty": "media.refused",
    "media.alt_too_long": "alt.too_long",
}


def explain(answer: Answer) -> ConnectorError:
    """Return what to raise for a refusal of a call that nobody sees, and may be repeated."""
    code, detail = _told(answer)
    status, request_id = answer.status, answer.headers.get("x-request-id", "")
    if status == HTTPStatus.UNAUTHORIZED:
        return ChannelLost(
            detail, platform=PLATFORM, code="grant.withdrawn", status=status, request_id=request_id
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(
            detail, platform=PLATFORM, retry_after_s=_retry_after_s(answer), request_id=request_id
        )
    if code == "media.processing":
        return NotSent(detail, platform=PLATFORM, code=code, status=status, request_id=request_id)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        said = _CODES.get(code, "platform.refused")
        return Refused(detail, platform=PLATFORM, code=said, status=status, request_id=request_id)
    return NotSent(
        detail, platform=PLATFORM, code="platform.trouble", status=status, request_id=request_id
    )


def explain_visible(answer: Answer) -> ConnectorError:
    """Return what to raise for a refusal of the one call that the public sees.

    A 5xx may hide a post that was accepted, unless the network says that it kept nothing.
    """
    code, detail = _told(answer)
    is_clean = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if (is_clean and code) or code == "storage.full" or answer.status in {401, 429}:
        return explain(answer)
    return Uncertain(
        detail,
        platform=PLATFORM,
        code="platform.trouble",
        status=answer.status,
        request_id=answer.headers.get("x-request-id", ""),
    )


def unreadable(answer: Answer, *, visible: bool) -> ConnectorError:
    """Return what to raise for a success whose content cannot be understood."""
    kind = Uncertain if visible else NotSent
    return kind(
        "the answer cannot be read",
        platform=PLATFORM,
        code="answer.unreadable",
        status=answer.status,
        request_id=answer.headers.get("x-request-id", ""),
    )


def code_of(answer: Answer) -> str:
    """Return the network's own error code; empty when the answer carries none."""
    return _told(answer)[0]


def _told(answer: Answer) -> tuple[str, str]:
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return "", f"status {answer.status} without a reason"
    return str(error.get("code", "")), str(error.get("message", ""))


def _retry_after_s(answer: Answer) -> float:
    given = answer.headers.get("retry-after", "")
    return float(given) if given.isdecimal() else RATE_WINDOW_S
