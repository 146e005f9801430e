"""Logging: one line per event, with time, level and ids, and never a secret.

    2026-11-22T12:48:35.123Z INFO loa.publish.actions delivered delivery_id=5 workspace_id=2

Ids are given with `extra={"delivery_id": 5}`. A traceback follows its line, each of its
lines marked with "  | ", so a line that starts with a time is always a new event.
"""

import logging
import logging.config
import re
from datetime import UTC, datetime
from typing import Any

HIDDEN = "[hidden]"

# What carries a secret, by the name in front of it, in headers, JSON, forms, URLs and reprs.
_NAMED = re.compile(
    r"""(?ix)
    ( ["']? \b (?: [\w-]* (?: token | secret | password | passwd | api[_-]?key | credential
        | verifier | session | csrf | signature | cookie | authorization | data_key )
        | (?<![\w.]) (?: jwt | dpop | sealed ) ) ["']? \s* [=:] \s* )
    (?: (?: bearer | basic | dpop | token ) \s+ )?
    (?: "[^"]*" | '[^']*' | [^\s,;&"'\[\]{}()<>]+ )
    """
)
_SCHEMES = re.compile(r"(?i)\b(bearer|basic|dpop)\s+[A-Za-z0-9._~+/=-]{8,}")
_LOGIN_IN_URL = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]+@")
# Long random words: tokens in paths, keys, signed values. Whole words of plain text never mix
# digits, capitals and small letters over this length.
_RANDOM = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])"
    r"[A-Za-z0-9_-]{24,}(?![A-Za-z0-9_-])"
)
_HEX = re.compile(r"\b[0-9a-f]{32,}\b")
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")

# Libraries that say too much: httpx writes whole URLs, Procrastinate a line per job.
_QUIET = ("httpx", "httpcore", "asyncio", "procrastinate", "_granian", "PIL", "aiohttp.access")


def redact(text: str) -> str:
    """Return `text` without anything that looks like a secret."""
    text = _JWT.sub(HIDDEN, text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _SCHEMES.sub(rf"\1 {HIDDEN}", text)
    text = _LOGIN_IN_URL.sub(rf"\1{HIDDEN}@", text)
    return _HEX.sub(HIDDEN, _RANDOM.sub(HIDDEN, text))


class OneLine(logging.Formatter):
    """Format an event as described at the head of this module."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as text without secrets."""
        at = datetime.fromtimestamp(record.created, UTC)
        ids = "".join(
            f" {name}={value}"
            for name, value in sorted(vars(record).items())
            if name.endswith("_id") and isinstance(value, int | str)
        )
        said = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        line = (
            f"{at:%FT%T}.{at.microsecond // 1000:03}Z {record.levelname} {record.name} {said}{ids}"
        )
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line += "".join(f"\n  | {part}" for part in trace.splitlines())
        return redact(line)


def configure(settings: dict[str, str]) -> None:
    """Write one line per event to standard error, from `settings["level"]` upwards."""
    level = settings["level"].upper()
    quiet: dict[str, Any] = {name: {"level": "WARNING"} for name in _QUIET}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"one-line": {"()": OneLine}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "one-line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": quiet if level != "DEBUG" else {},
        }
    )
