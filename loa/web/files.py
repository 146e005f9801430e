"""Send a file, or the piece of it that a player or a broken download asks for."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http import StreamingHttpResponse as Streamed

PIECE_BYTES = 65_536
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def send_file(
    request: HttpRequest,
    stream: BinaryIO,
    *,
    size_bytes: int,
    mime_type: str,
    filename: str,
    as_attachment: bool = False,
) -> HttpResponseBase:
    """Return `stream` as an answer: whole, or the one range that the request names.

    Several ranges at once, or a range in another unit, get the whole file (RFC 9110, 14.2).
    """
    span = _span(request.headers.get("Range", ""), size_bytes)
    if span is None:
        whole = FileResponse(
            stream, content_type=mime_type, filename=filename, as_attachment=as_attachment
        )
        whole.headers["Accept-Ranges"] = "bytes"
        return whole
    if not span:
        stream.close()
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{size_bytes}"},
        )
    answer = Streamed(
        _piece(stream, span),
        content_type=mime_type,
        status=HTTPStatus.PARTIAL_CONTENT,
        headers={
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {span.start}-{span.stop - 1}/{size_bytes}",
            "Content-Length": str(len(span)),
        },
    )
    answer._resource_closers.append(stream.close)  # type: ignore[attr-defined]  # noqa: SLF001
    return answer


def _span(asked: str, size_bytes: int) -> range | None:
    """Return the bytes asked for; None for all of them, empty for what is not there."""
    found = _ONE_RANGE.fullmatch(asked.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, size_bytes - int(last)), size_bytes)
    stop = min(int(last) + 1, size_bytes) if last else size_bytes
    if last and int(last) < int(first):
        return None
    return range(int(first), stop)


def _piece(stream: BinaryIO, span: range) -> Iterator[bytes]:
    stream.seek(span.start)
    left = len(span)
    while left and (piece := stream.read(min(PIECE_BYTES, left))):
        left -= len(piece)
        yield piece
