"""Stop taking in an upload that is larger than any may be."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

# What the other fields of the same form may take up.
ROOM_FOR_FIELDS = 1_000_000


class Bounded(FileUploadHandler):
    """The first upload handler: reads no further once it is clear that a file is too large.

    The view still runs, without the file, and finds `too_large(request)` true, so it can say
    what is wrong instead of leaving a broken connection.
    """

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 (Django's signature)
        META: Any,  # noqa: N803, ARG002
        content_length: int,
        boundary: Any,  # noqa: ARG002
        encoding: Any = None,  # noqa: ARG002
    ) -> None:
        """Judge by the announced length, before anything is read."""
        self.total, self.announced = 0, content_length
        self.most = int(settings.UPLOAD_MAX_BYTES)
        self.refuses = content_length > max(self.most, *_limits()) + ROOM_FOR_FIELDS

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop at the first file of a request that is too large."""
        super().new_file(*args, **kwargs)
        self._stop_if_refused()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, because a length can be announced wrongly; a file's beginning says its kind."""
        if not start:
            self.most = max(self.most, *(limit for limit in _limits(raw_data)))
        self.total += len(raw_data)
        too_long = self.announced > self.most + ROOM_FOR_FIELDS
        self.refuses = self.refuses or too_long or self.total > self.most
        self._stop_if_refused()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""

    def _stop_if_refused(self) -> None:
        if self.refuses:
            if self.request is not None:
                self.request.META[MARK] = True
            raise StopUpload(connection_reset=True)


# What kinds of files may be larger, told by the apps that take them: given the first bytes of a
# file, the most it may have; given none, the most such a file could have.
_kinds: list[Callable[[bytes], int]] = []


def allows(limit_of: Callable[[bytes], int]) -> Callable[[bytes], int]:
    """Declare a kind of file with a limit of its own: 0 for a file that is not of the kind."""
    _kinds.append(limit_of)
    return limit_of


def _limits(head: bytes = b"") -> list[int]:
    return [0, *(limit_of(head) for limit_of in _kinds)]


MARK = "loa.upload_too_large"


def too_large(request: HttpRequest) -> bool:
    """Say whether an upload in this request was stopped because of its size."""
    _ = request.FILES  # reads the body, if nobody has
    return bool(request.META.get(MARK))
