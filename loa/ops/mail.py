"""Where e-mail goes, from one address such as smtp://name:password@mail.example:587?tls=start."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from loa.ops.environment import WrongSetting

TIMEOUT_S = 10
EXAMPLE = "smtp://name:password@mail.example:587?tls=start&from=loa@mail.example"


def mailer(url: str) -> dict[str, Any]:
    """Return Django's MAILERS entry for `url`; "" for none gives one that sends nothing.

    smtps:// is encrypted from the first byte; smtp:// with ?tls=start after the greeting.
    """
    if not url:
        return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise WrongSetting(f"LOA_EMAIL_URL is not of the form {EXAMPLE}.")
    encrypted = parts.scheme == "smtps"
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if encrypted else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": encrypted,
            "use_tls": not encrypted and parse_qs(parts.query).get("tls") == ["start"],
            "timeout": TIMEOUT_S,
        },
    }


def sender(url: str, *, host: str) -> str:
    """Return the address e-mails come from: ?from=…, else loa@ the public host."""
    named = parse_qs(urlsplit(url).query).get("from", [""])[0]
    return named or f"Loa <loa@{host}>"
