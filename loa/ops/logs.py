"""Logging: one line per event, with time, level and ids, and never a secret.

    2026-11-22T12:48:35.123Z INFO loa.publish.actions delivered delivery_id=5 workspace_id=2

Ids are given with `extra={"delivery_id": 5}`, or for all that happens in a block by log_ids.
A traceback follows its line, each of its lines marked with "  | ", so a line that starts with
a time is always a new event. As JSON, each event is one object on one line.
"""

import json
import logging
import logging.config
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from loa.ops.log_ids import REQUEST

HIDDEN = "[hidden]"
FORMATS = ("text", "json")

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
        said = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        line = redact(f"{_time(record)} {record.levelname} {record.name} {said}")
        line += "".join(f" {name}={value}" for name, value in ids_of(record).items())
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line += redact("".join(f"\n  | {part}" for part in trace.splitlines()))
        return line


class JsonLines(logging.Formatter):
    """Format an event as one JSON object: time, level, logger, event, ids, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as one line of JSON without secrets."""
        event: dict[str, int | str] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "event": redact(record.getMessage()),
            **ids_of(record),
        }
        if record.exc_info:
            event["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def ids_of(record: logging.LogRecord) -> Mapping[str, int | str]:
    """Return the ids of an event by name, without secrets.

    A request's own id is fit to be logged since it was taken; long random words of a platform
    are hidden like any other.
    """
    own = getattr(record, "own_request_id", "")
    return {
        name: value if isinstance(value, int) or value == own else _one_word(value)
        for name, value in sorted(vars(record).items())
        if name.endswith("_id") and name != f"own_{REQUEST}" and isinstance(value, int | str)
    }


def _one_word(value: str) -> str:
    return redact(value.replace("\r", "\\r").replace("\n", "\\n"))


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return f"{at:%FT%T}.{at.microsecond // 1000:03}Z"


def configure(settings: dict[str, str]) -> None:
    """Write one line per event to standard error: `level` upwards, as `format` says."""
    level = settings["level"].upper()
    shape = JsonLines if settings.get("format") == "json" else OneLine
    quiet: dict[str, Any] = {name: {"level": "WARNING"} for name in _QUIET}
    handler = {
        "class": "logging.StreamHandler",
        "formatter": "one-line",
        "filters": ["with-ids"],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"one-line": {"()": shape}},
            "filters": {"with-ids": {"()": "loa.ops.log_ids.WithIds"}},
            "handlers": {"stderr": handler},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": quiet if level != "DEBUG" else {},
        }
    )
