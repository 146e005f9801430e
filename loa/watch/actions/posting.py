"""Hand one message over: by e-mail, to a webhook, a Telegram chat or a Slack channel.

Nothing of the public voice: a message may be sent twice (its id says so), never lost quietly.
"""

import hashlib
import hmac
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from loa.connectors import transport
from loa.connectors.contract import Answer, Flow, Media, Request, ask
from loa.connectors.errors import ConnectorError
from loa.connectors.waits import retry_after_s
from loa.kernel.json import JSON
from loa.watch.models import Destination

TIMEOUT_S = 10.0
MOST_ANSWER_BYTES = 65_536
LONGEST_TELEGRAM, LONGEST_SLACK = 4000, 3000
# What says that nobody will ever take anything here again.
_GONE: Mapping[str, frozenset[int]] = {
    Destination.Kind.WEBHOOK: frozenset({410}),
    Destination.Kind.SLACK: frozenset({403, 404, 410}),
    Destination.Kind.TELEGRAM: frozenset({401, 404}),
}


@dataclass(frozen=True, slots=True)
class Text:
    """What is said: in words for people, and as plain values for a program."""

    message_id: str
    title: str
    lines: tuple[str, ...]
    url: str
    values: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended. code: "" when it was taken. is_gone: no use in trying again, ever."""

    code: str = ""
    status: int | None = None
    is_gone: bool = False
    wait: timedelta | None = None


def post(kind: str, secret: Mapping[str, str], text: Text, *, now: datetime) -> Outcome:
    """Send `text`, wait for the answer and sort it. Raises nothing that was foreseen."""
    if kind == Destination.Kind.EMAIL:
        return _mail(secret["address"], text)
    try:
        request = _REQUESTS[kind](secret, text, now)
        answer = transport.drive(_flow(request), platform="alerts", budget_s=TIMEOUT_S)
    except ConnectorError as error:
        return Outcome(code=error.code or "network.unexplained")
    return _read(kind, answer)


def signature(secret: str, content: bytes, *, at: datetime) -> str:
    """Return what a webhook's receiver checks: the time, and an HMAC over time and content."""
    stamp = str(int(at.timestamp()))
    mark = hmac.new(secret.encode(), f"{stamp}.".encode() + content, hashlib.sha256)
    return f"t={stamp},v1={mark.hexdigest()}"


def _flow(request: Request) -> Flow[Answer]:
    return (yield from ask(request))


def _webhook(secret: Mapping[str, str], text: Text, now: datetime) -> Request:
    values = {**text.values, "id": text.message_id, "title": text.title, "lines": list(text.lines)}
    content = json.dumps({**values, "url": text.url}, ensure_ascii=False).encode()
    headers = {
        "Loa-Message-Id": text.message_id,
        "Loa-Signature": signature(secret["signing_key"], content, at=now),
    }
    return Request(
        "POST",
        secret["url"],
        headers=headers,
        # As bytes, because the signature is over exactly these.
        media=Media(0, "", "application/json", len(content), lambda: io.BytesIO(content)),
        timeout_s=TIMEOUT_S,
        max_answer_bytes=MOST_ANSWER_BYTES,
    )


def _telegram(secret: Mapping[str, str], text: Text, _now: datetime) -> Request:
    words = "\n".join([text.title, "", *text.lines, "", text.url])
    return _json(
        f"{settings.TELEGRAM_URL}/bot{secret['token']}/sendMessage",
        {
            "chat_id": secret["chat"],
            "text": _cut(words, LONGEST_TELEGRAM),
            "link_preview_options": {"is_disabled": True},
        },
    )


def _slack(secret: Mapping[str, str], text: Text, _now: datetime) -> Request:
    words = "\n".join([text.title, *(f"• {line}" for line in text.lines)])
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        words = words.replace(plain, escaped)
    return _json(secret["url"], {"text": f"{_cut(words, LONGEST_SLACK)}\n{text.url}"})


def _json(url: str, values: JSON) -> Request:
    return Request(
        "POST", url, json=values, timeout_s=TIMEOUT_S, max_answer_bytes=MOST_ANSWER_BYTES
    )


_REQUESTS: Mapping[str, Callable[[Mapping[str, str], Text, datetime], Request]] = {
    Destination.Kind.WEBHOOK: _webhook,
    Destination.Kind.TELEGRAM: _telegram,
    Destination.Kind.SLACK: _slack,
}


def _mail(address: str, text: Text) -> Outcome:
    if not settings.EMAIL_URL:
        return Outcome(code="mail.unset")
    mail = EmailMessage(
        subject=text.title,
        body="\n".join([*(f"- {line}" for line in text.lines), "", text.url]),
        to=[address],
        headers={"Message-ID": f"<{text.message_id}@loa>", "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (SMTPException, OSError):
        return Outcome(code="mail.refused")
    return Outcome()


def _read(kind: str, answer: Answer) -> Outcome:
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(status=status)
    if status in _GONE[kind]:
        return Outcome("alert.gone", status, is_gone=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome("rate.limited", status, wait=timedelta(seconds=_asked_s(answer)))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Outcome("alert.redirected", status)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome("alert.refused", status)
    return Outcome("alert.broken", status)


def _asked_s(answer: Answer) -> float:
    """Return for how long the other side wants no more; Telegram says it in its answer."""
    body = answer.body if isinstance(answer.body, dict) else {}
    said = body.get("parameters")
    asked = said.get("retry_after") if isinstance(said, dict) else None
    if isinstance(asked, int) and not isinstance(asked, bool) and asked > 0:
        return float(asked)
    return retry_after_s(answer.headers, reset="", default_s=60.0)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
