"""What an answer that is not a success means, in the terms of connectors/errors.py. Pure."""

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
from loa.connectors.reading import text_or
from loa.connectors.waits import retry_after_s
from loa.platforms.mastodon.wire import PLATFORM

RATE_WINDOW_S = 300.0

# Mastodon explains a 422 with a sentence only, in English for an API client. First match counts.
_SENTENCES = (
    ("finished processing", "media.processing"),
    ("already attached", "media.expired"),
    ("description", "alt.too_long"),
    ("character limit", "text.too_long"),
    ("is too long", "text.too_long"),
    ("can't be blank", "text.empty"),
    ("attach more than", "media.too_many"),
    ("count is too high", "media.too_many"),
    ("content type", "media.type"),
    ("file size", "media.too_large"),
    ("images are not supported", "media.too_large"),  # "9000x9000 images": their dimensions
    ("file", "media.refused"),
    ("media", "media.refused"),
)
_BY_STATUS = {
    301: "platform.moved",
    307: "platform.moved",
    308: "platform.moved",
    404: "post.gone",
    410: "post.gone",
    413: "media.too_large",
}
# Turned away at the door: the server did not look at what was sent.
_NEVER_REACHED = frozenset({301, 307, 308, 413, 414, 431})


def explain(answer: Answer, *, visible: bool = False) -> ConnectorError:
    """Return what to raise for a refusal.

    visible: the call was the one that the public sees. Then only a clean refusal says that
    nothing was published.
    """
    status = HTTPStatus(answer.status) if answer.status in set(HTTPStatus) else None
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return _failure(ChannelLost, answer, "grant.withdrawn")
        case HTTPStatus.FORBIDDEN if said(answer):
            return _forbidden(answer)
        case HTTPStatus.TOO_MANY_REQUESTS:
            wait_s = retry_after_s(
                answer.headers, reset="x-ratelimit-reset", default_s=RATE_WINDOW_S
            )
            return RateLimited(
                said(answer) or "too many requests",
                platform=PLATFORM,
                retry_after_s=wait_s,
                request_id=_request_id(answer),
            )
        case HTTPStatus.UNPROCESSABLE_ENTITY if said(answer):
            return _unprocessable(answer)
    if _is_definite(answer, visible=visible):
        return _failure(Refused, answer, _BY_STATUS.get(answer.status, "platform.refused"))
    return _failure(Uncertain if visible else NotSent, answer, "platform.trouble")


def said(answer: Answer) -> str:
    """Return Mastodon's own words; empty when the answer is not in Mastodon's form."""
    return (text_or(answer.body, "error_description") or text_or(answer.body, "error"))[:300]


def _forbidden(answer: Answer) -> ConnectorError:
    reason = said(answer).lower()
    if "scope" in reason:
        return _failure(ChannelLost, answer, "grant.insufficient")
    if "disabled" in reason or "suspended" in reason or "login" in reason:
        return _failure(ChannelLost, answer, "account.suspended")
    return _failure(Refused, answer, "permission.missing")


def _unprocessable(answer: Answer) -> ConnectorError:
    reason = said(answer).lower()
    for words, code in _SENTENCES:
        if words in reason:
            again = code in {"media.processing", "media.expired"}
            return _failure(NotSent if again else Refused, answer, code)
    return _failure(Refused, answer, "platform.refused")


def _is_definite(answer: Answer, *, visible: bool) -> bool:
    """Say whether `answer` refuses for good.

    Of the visible call only Mastodon's own refusal counts: a proxy's page may stand for
    anything. 408, 409 and 425 say that the request was not finished, not that it was refused.
    """
    if answer.status in _NEVER_REACHED:
        return True
    refused = (
        HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        and answer.status not in {408, 409, 425}
    )
    return refused and (not visible or bool(said(answer)))


def _failure(kind: type[ConnectorError], answer: Answer, code: str) -> ConnectorError:
    return kind(
        said(answer) or f"status {answer.status} without a reason",
        platform=PLATFORM,
        code=code,
        status=answer.status,
        request_id=_request_id(answer),
    )


def _request_id(answer: Answer) -> str:
    return answer.headers.get("x-request-id", "")[:100]
