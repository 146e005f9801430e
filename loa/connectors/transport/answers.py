"""Turn the bytes of an answer into what a flow can read."""

import json
import re
import zlib
from typing import NoReturn

from loa.connectors.contract import Answer
from loa.connectors.transport.connection import Broken, RawAnswer
from loa.kernel.json import JSON

MAX_UNPACKED_BYTES = 16_000_000
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_no_constant)


def to_answer(raw: RawAnswer, *, url: str) -> Answer:
    """Read `raw`: JSON into `body`; whatever is not JSON is left as `text`."""
    content = _unpacked(raw)
    media_type = raw.headers.get("content-type", "").lower()
    if "json" in media_type or content[:1] in {b"{", b"["}:
        body = _parsed(content)
        if body is not None:
            return Answer(raw.status, body, raw.headers, "", url, content)
    text = "" if media_type.startswith(("image/", "video/")) else _text(content, media_type)
    return Answer(raw.status, None, raw.headers, text, url, content)


def _parsed(content: bytes) -> JSON:
    """Return None for what is not JSON; nesting and numbers may be hostile too."""
    try:
        parsed: JSON = _decoder.decode(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return parsed


def _text(content: bytes, media_type: str) -> str:
    named = _CHARSET.search(media_type)
    try:
        return content.decode(named[1] if named else "utf-8", errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def _unpacked(raw: RawAnswer) -> bytes:
    """Undo a compression we did not ask for, within bounds."""
    encoding = raw.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"} or not raw.content:
        return raw.content
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise Broken("network.cut", "the answer is packed in a way we did not ask for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        content = unpack.decompress(raw.content, MAX_UNPACKED_BYTES)
    except zlib.error:
        raise Broken("network.cut", "the packed answer is broken") from None
    if unpack.unconsumed_tail or not unpack.eof:
        raise Broken("network.too_large", "the packed answer is cut or too large")
    return content
