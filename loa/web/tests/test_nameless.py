"""Files that people send are nowhere on the disk but in our hands."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

LARGE = b"\xff\xd8\xff" + os.urandom(2_000_000)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def sent(content: bytes) -> Iterator[HttpRequest]:
    file = SimpleUploadedFile("loaf.jpg", content, content_type="image/jpeg")
    request = RequestFactory().post("/", {"file": file, "alt_text": "A loaf"})
    yield request
    request.close()


def file_of(request: HttpRequest) -> "UploadedFile[Any]":
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    return file


def test_a_large_upload_has_no_name_on_the_disk(temporary: Path) -> None:
    with sent(LARGE) as request:
        file = file_of(request)

        assert list(temporary.iterdir()) == []
        assert (file.name, file.size, file.content_type) == ("loaf.jpg", len(LARGE), "image/jpeg")
        assert file.fileno() >= 0
        assert b"".join(file.chunks()) == LARGE
        assert request.POST["alt_text"] == "A loaf"
    assert file.closed


def test_a_small_one_stays_in_memory() -> None:
    with sent(b"small") as request:
        assert file_of(request).read() == b"small"


def test_one_that_is_too_large_is_let_go(settings: Settings, temporary: Path) -> None:
    settings.UPLOAD_MAX_BYTES = settings.VIDEO_MAX_BYTES = 900_000

    with sent(LARGE) as request:
        assert "file" not in request.FILES
    assert list(temporary.iterdir()) == []
