"""What an answer that is not a success means, in the terms of connectors/errors.py. Pure."""

from http import HTTPStatus

from loa.connectors.contract import Answer
from loa.connectors.errors import (
    ChannelLost,
    ConnectorError,
    GrantExpired,
    NotSent,
    RateLimited,
    Refused,
    Uncertain,
)
from loa.connectors.reading import text_or
from loa.connectors.waits import retry_after_s
from loa.platforms.sandbox.wire import PLATFORM

RATE_WINDOW_S = 300.0

# The network's codes in the words that every platform shares.
_CODES = {
    "handle.taken": "account.taken",
    "post.empty": "text.empty",
    "text.too_long": "text.too_long",
    "post.unknown": "post.gone",
    "post.not_yours": "permission.missing",
    "post.exists": "post.taken",
    "listing.unavailable": "read_back.unavailable",
    "media.too_large": "media.too_large",
    "media.too_many": "media.too_many",
    "media.mixed": "media.too_many",
    "media.too_long": "media.too_large",
    "media.too_many_pixels": "media.too_large",
    "media.wrong_shape": "media.shape",
    "media.required": "media.missing",
    "media.unsupported": "media.type",
    "media.empty": "media.refused",
    "media.alt_too_long": "alt.too_long",
}
# Refused for now only: the same part may go out later, or after another upload.
_AGAIN = {
    "media.processing": "media.processing",
    "media.unknown": "media.expired",
    "storage.full": "platform.trouble",
}


def explain(answer: Answer, *, visible: bool = False) -> ConnectorError:
    """Return what to raise for a refusal.

    visible: the call was the one that the public sees. Then only a refusal in the network's
    own form says that nothing was published; anything else may hide a post.
    """
    code = code_of(answer)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        if code == "token.expired":
            return _failure(GrantExpired, answer, "grant.expired")
        return _failure(ChannelLost, answer, "grant.withdrawn")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(
            _said(answer),
            platform=PLATFORM,
            retry_after_s=retry_after_s(answer.headers, default_s=RATE_WINDOW_S),
            request_id=_request_id(answer),
        )
    if code in _AGAIN:
        return _failure(NotSent, answer, _AGAIN[code])
    is_refusal = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_refusal and (code or not visible):
        return _failure(Refused, answer, _CODES.get(code, "platform.refused"))
    return _failure(Uncertain if visible else NotSent, answer, "platform.trouble")


def code_of(answer: Answer) -> str:
    """Return the network's own error code; empty when the answer carries none."""
    return text_or(answer.body, "error", "code")


def _said(answer: Answer) -> str:
    reason = text_or(answer.body, "error", "message")
    return reason[:300] or f"status {answer.status} without a reason"


def _failure(kind: type[ConnectorError], answer: Answer, code: str) -> ConnectorError:
    return kind(
        _said(answer),
        platform=PLATFORM,
        code=code,
        status=answer.status,
        request_id=_request_id(answer),
    )


def _request_id(answer: Answer) -> str:
    return answer.headers.get("x-request-id", "")[:100]
