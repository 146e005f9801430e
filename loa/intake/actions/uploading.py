"""Take a file of posts in, to be read in the background."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from loa.intake.actions.holding import NotNow, announce, locked
from loa.intake.models import Import, ImportPiece
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, jobs
from loa.ops.sheets import ENCODINGS, SEPARATORS
from loa.workspace.models import Member

PIECE_BYTES = 1_000_000
LONGEST_NAME = 120
State = Import.State


class TooLarge(LoaError):
    """The file has more bytes than an upload may have."""


def begin_import(by: Member, *, file: BinaryIO, filename: str) -> Import:
    """Keep the file and have it read; TooLarge, and then nothing is kept."""
    with transaction.atomic():
        kept = Import.objects.create(
            workspace=by.workspace,
            filename=_clean_name(filename),
            size_bytes=0,
            uploaded_by=by,
            uploaded_at=clock.now(),
            state=State.READING,
        )
        file.seek(0)
        number = 0
        while content := file.read(PIECE_BYTES):
            kept.size_bytes += len(content)
            if kept.size_bytes > settings.UPLOAD_MAX_BYTES:
                raise TooLarge(f"{kept.size_bytes} bytes")
            ImportPiece.objects.create(
                workspace=by.workspace, of=kept, number=number, content=content
            )
            number += 1
        kept.save(update_fields=["size_bytes"])
        _enqueue(kept)
    return kept


def read_again(of: Import, *, encoding: str, separator: str) -> Import:
    """Read the file once more, the way a person says it is written; "" and "" for Loa's own guess.

    NotNow once it is being brought in, and for a way that Loa does not know.
    """
    if (encoding or separator) and (encoding not in ENCODINGS or separator not in SEPARATORS):
        raise NotNow(f"{encoding!r} and {separator!r}")
    with transaction.atomic():
        held = locked(of)
        if held.state not in {State.READY, State.UNREADABLE, State.READING}:
            raise NotNow(held.state)
        held.encoding, held.separator = encoding, separator
        held.state, held.trouble = State.READING, ""
        held.save(update_fields=["encoding", "separator", "state", "trouble"])
        _enqueue(held)
        announce(held)
    return held


def _enqueue(of: Import) -> None:
    jobs.enqueue("intake.read_import", workspace_id=of.workspace_id, import_id=of.pk)


def _clean_name(filename: str) -> str:
    name = PureWindowsPath(PurePosixPath(normalise(filename)).name).name
    printable = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C")
    return printable.strip()[-LONGEST_NAME:] or "import.csv"
