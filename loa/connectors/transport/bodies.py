"""The bytes of a request: JSON, a form, a form with files, or one file as it is."""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from loa.connectors.contract import Media, Request

CHUNK_BYTES = 65_536
_to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Body:
    """What follows the head of a request. Iterate `chunks` once."""

    content_type: str
    size_bytes: int
    chunks: Iterable[bytes]


def encode(request: Request) -> Body | None:
    """Return the body of `request`, None when it has none.

    Files are read while they are sent; nothing is held in memory whole.
    """
    if request.media is not None:
        return Body(request.media.mime_type, request.media.size_bytes, _read(request.media))
    if request.files:
        return _multipart(request)
    if request.form:
        content = urlencode(request.form).encode("ascii")
        return Body("application/x-www-form-urlencoded", len(content), (content,))
    if request.json is not None:
        content = _to_json(request.json).encode()
        return Body("application/json", len(content), (content,))
    return None


def _read(media: Media) -> Iterator[bytes]:
    with media.open() as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _multipart(request: Request) -> Body:
    """Encode fields and files as RFC 7578 asks."""
    boundary = secrets.token_hex(16)
    pieces: list[bytes | Media] = []
    for name, value in request.form:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n'
        pieces.append(f"{head}{value}\r\n".encode())
    for part in request.files:
        disposition = f'name="{_quoted(part.name)}"; filename="{_quoted(part.media.filename)}"'
        head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n"
        pieces.append(f"{head}Content-Type: {_quoted(part.media.mime_type)}\r\n\r\n".encode())
        pieces += (part.media, b"\r\n")
    pieces.append(f"--{boundary}--\r\n".encode())
    size_bytes = sum(len(one) if isinstance(one, bytes) else one.size_bytes for one in pieces)
    return Body(f"multipart/form-data; boundary={boundary}", size_bytes, _joined(pieces))


def _joined(pieces: list[bytes | Media]) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from _read(piece)


def _quoted(name: str) -> str:
    """Escape a name as browsers do (WHATWG HTML, multipart/form-data)."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
