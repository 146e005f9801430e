"""What an answer that is not a success means, in the terms of connectors/errors.py. Pure.

A server of the AT Protocol names its errors: {"error": "ExpiredToken", "message": "..."}.
The names count, whatever the status.
"""

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
from loa.platforms.bluesky.wire import PLATFORM

RATE_WINDOW_S = 300.0

_NAMES: dict[str, tuple[type[ConnectorError], str]] = {
    "ExpiredToken": (GrantExpired, "grant.expired"),
    "InvalidToken": (ChannelLost, "grant.withdrawn"),
    "AuthMissing": (ChannelLost, "grant.withdrawn"),
    "AuthenticationRequired": (ChannelLost, "grant.withdrawn"),
    "InsufficientScope": (ChannelLost, "grant.insufficient"),
    "ScopeMissingError": (ChannelLost, "grant.insufficient"),
    "AccountTakedown": (ChannelLost, "account.suspended"),
    "AccountSuspended": (ChannelLost, "account.suspended"),
    "AccountDeactivated": (ChannelLost, "account.suspended"),
    "RepoTakendown": (ChannelLost, "account.suspended"),
    "RepoSuspended": (ChannelLost, "account.suspended"),
    "RepoDeactivated": (ChannelLost, "account.suspended"),
    "AccountNotFound": (Refused, "account.unknown"),
    "HandleNotFound": (Refused, "account.unknown"),
    "BlobTooLarge": (Refused, "media.too_large"),
    "PayloadTooLarge": (Refused, "media.too_large"),
    "InvalidMimeType": (Refused, "media.type"),
    "BlobNotFound": (NotSent, "media.expired"),
    "InvalidSwap": (NotSent, "platform.trouble"),
}
# Turned away before anybody looked at what was sent.
_AT_THE_DOOR = {
    301: "platform.moved",
    307: "platform.moved",
    308: "platform.moved",
    413: "media.too_large",
    414: "platform.refused",
    431: "platform.refused",
}
# An InvalidRequest says in words which rule of the lexicon was broken.
_SENTENCES = (
    ("grapheme too big", "text.too_long"),
    ("record.text", "text.too_long"),
    ("/text must not be longer", "text.too_long"),
    ("blob too big", "media.too_large"),
    ("array too big", "media.too_many"),
    ("mimetype", "media.type"),
    ('expected "image/*"', "media.type"),
)


def explain(answer: Answer, *, visible: bool = False) -> ConnectorError:
    """Return what to raise for a refusal.

    visible: the call was the one that the public sees. Then only a refusal by name says that
    nothing was published.
    """
    name = name_of(answer)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or name == "RateLimitExceeded":
        return RateLimited(
            _said(answer),
            platform=PLATFORM,
            retry_after_s=retry_after_s(
                answer.headers, reset="ratelimit-reset", default_s=RATE_WINDOW_S
            ),
            status=answer.status,
        )
    if is_client_error(answer) and name in _NAMES:
        kind, code = _NAMES[name]
        return _failure(kind, answer, code)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return _failure(ChannelLost, answer, "grant.withdrawn")
    if answer.status in _AT_THE_DOOR:
        return _failure(Refused, answer, _AT_THE_DOOR[answer.status])
    if is_client_error(answer) and (name or not visible):
        return _failure(Refused, answer, _by_sentence(answer))
    return _failure(Uncertain if visible else NotSent, answer, "platform.trouble")


def name_of(answer: Answer) -> str:
    """Return the name of the error; empty when the answer is not in the protocol's form."""
    return text_or(answer.body, "error")[:100]


def is_client_error(answer: Answer) -> bool:
    """Say whether the server blames the request: 408, 409 and 425 only say "not finished"."""
    return (
        HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        and answer.status not in {408, 409, 425}
    )


def _by_sentence(answer: Answer) -> str:
    message = text_or(answer.body, "message").lower()
    return next((code for words, code in _SENTENCES if words in message), "platform.refused")


def _said(answer: Answer) -> str:
    said = f"{name_of(answer)} {text_or(answer.body, 'message')}".strip()
    return said[:300] or f"status {answer.status} without a reason"


def _failure(kind: type[ConnectorError], answer: Answer, code: str) -> ConnectorError:
    return kind(_said(answer), platform=PLATFORM, code=code, status=answer.status)
