"""Take a file in piece by piece, so that a broken line costs one piece and not all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.library import storage
from loa.library.actions.keeping import TooLarge, keep_upload
from loa.library.actions.versions import add_version
from loa.library.models import Asset, Upload
from loa.library.rules.headers import NotAPicture, read_header
from loa.library.rules.uploading import NoRoom, Room, fits, why_not
from loa.library.storage import parts
from loa.ops import clock, fence
from loa.workspace.models import Member

# The most one request may bring. The browser sends less (frontend/lib/pieces.ts).
MOST_PIECE_BYTES = 8_000_000
FORGOTTEN_AFTER = timedelta(days=3)
LEFTOVER_AFTER = timedelta(days=1)
LONGEST_NAME = 255
# What the first bytes prove beyond doubt; of all else, the whole file decides.
_NEVER_TAKEN = {"svg", "heic", "document"}


class NoRoomForUpload(LoaError):
    """Another upload of this size may not begin now."""

    def __init__(self, why: NoRoom) -> None:
        super().__init__(why)
        self.why = why


class WrongPiece(LoaError):
    """The piece does not continue what is here. offset_bytes: where the next one belongs."""

    def __init__(self, offset_bytes: int) -> None:
        super().__init__(f"the next piece begins at {offset_bytes}")
        self.offset_bytes = offset_bytes


class TooMuchSent(LoaError):
    """The piece is larger than one may be, or reaches beyond what was announced."""


class DamagedUpload(LoaError):
    """What arrived is not what was sent; it is to be sent anew, from its start."""


def begin_upload(
    *,
    by: Member,
    filename: str,
    size_bytes: int,
    modified_ms: int = 0,
    version_of: Asset | None = None,
) -> Upload:
    """Make room for a file; the same file of the same member goes on where it stopped.

    version_of: what it will be the newest version of, and not an asset beside it.

    NoRoomForUpload, StorageFull, or NotAPicture for an empty file.
    """
    if size_bytes < 1:
        raise NotAPicture("empty")
    name = normalise(filename).replace("\0", "")[-LONGEST_NAME:]
    open_ones = Upload.objects.in_workspace(by.workspace).filter(finished_at=None)
    with transaction.atomic():
        _one_at_a_time(by.workspace_id)
        known = open_ones.filter(
            sent_by=by,
            filename=name,
            size_bytes=size_bytes,
            modified_ms=modified_ms,
            version_of=version_of,
        ).first()
        if known is not None:
            return settled(known)
        why = why_not(
            size_bytes,
            room=Room(
                file_bytes=settings.UPLOAD_IN_PIECES_MAX_BYTES,
                member_bytes=settings.UNFINISHED_MEMBER_MAX_BYTES,
                workspace_bytes=settings.UNFINISHED_MAX_BYTES,
            ),
            by_member=open_ones.filter(sent_by=by).aggregate(n=Sum("size_bytes"))["n"] or 0,
            in_workspace=open_ones.aggregate(n=Sum("size_bytes"))["n"] or 0,
        )
        if why is not None:
            raise NoRoomForUpload(why)
        parts.refuse_full(size_bytes)
        now = clock.now()
        return Upload.objects.create(
            workspace=by.workspace,
            sent_by=by,
            filename=name,
            size_bytes=size_bytes,
            modified_ms=modified_ms,
            version_of=version_of,
            part=parts.new_name(),
            begun_at=now,
            touched_at=now,
        )


def settled(upload: Upload) -> Upload:
    """Return the upload as its part stands: from its start when the part was lost."""
    if upload.finished_at is None and not parts.holds(upload.part, upload.offset_bytes):
        _restart(upload)
    return upload


def add_piece(upload: Upload, source: BinaryIO, *, at: int, length: int) -> Upload:
    """Append what `source` brings, `length` bytes from byte `at` on; return the upload.

    When the line breaks, what came is kept. WrongPiece when somebody else was first,
    TooMuchSent, StorageFull; TooLarge or NotAPicture as soon as the content proves it, and
    then the upload is gone.
    """
    if length > min(MOST_PIECE_BYTES, upload.size_bytes):
        raise TooMuchSent(f"{length} bytes")
    with (
        parts.spooled(source, most_bytes=length) as (piece, came),
        _gone_when_refused(upload),
        transaction.atomic(),
    ):
        upload = _locked(upload)
        if at + length > upload.size_bytes:
            raise TooMuchSent(f"{at + length} of {upload.size_bytes} bytes")
        if not fits(
            at=at, length=came, offset_bytes=upload.offset_bytes, size_bytes=upload.size_bytes
        ):
            raise WrongPiece(upload.offset_bytes)
        if at == 0:
            _refuse_early(piece, size_bytes=upload.size_bytes)
        try:
            checksum = parts.append(upload.part, piece, at=at, checksum=upload.checksum)
        except storage.FileMissing:
            return _restart(upload)
        upload.offset_bytes, upload.checksum = at + came, checksum
        upload.touched_at = clock.now()
        upload.save(update_fields=["offset_bytes", "checksum", "touched_at"])
    return upload


def take_upload(upload: Upload, *, checksum: int, by: Member) -> Asset:
    """Make an asset of a file that has all arrived; asked again, return the same one.

    checksum: what the sender says the CRC-32 of the whole file is. WrongPiece when something
    is missing yet, DamagedUpload, what keep_upload or add_version raises; after a StorageError
    the upload is still there and can be taken later.
    """
    with _gone_when_refused(upload), transaction.atomic():
        upload = _locked(upload)
        if upload.asset is not None:
            return upload.asset
        if settled(upload).offset_bytes < upload.size_bytes:
            raise WrongPiece(upload.offset_bytes)
        asset = None
        with parts.opened(upload.part) as file:
            if parts.checksum_of(file) == checksum == upload.checksum:
                file.seek(0)
                asset = _kept(file, upload, by)
        if asset is not None:
            upload.asset, upload.finished_at = asset, clock.now()
            upload.save(update_fields=["asset", "finished_at"])
            transaction.on_commit(partial(parts.remove, upload.part))
            return asset
        _restart(upload)
    raise DamagedUpload(upload.filename)


def _kept(file: BinaryIO, upload: Upload, by: Member) -> Asset:
    if upload.version_of is None:
        return keep_upload(file, filename=upload.filename, by=by)
    return add_version(file, of=upload.version_of, filename=upload.filename, by=by)


def drop_upload(upload: Upload) -> None:
    """Give an upload up, with what has arrived of it."""
    part = upload.part
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(partial(parts.remove, part))


def forget_uploads() -> int:
    """Drop what nobody has added to for days, in every workspace; return how many.

    A part without a row is what a process that died left behind.
    """
    now = clock.now()
    with fence.everywhere("forget uploads that nobody goes on with"):
        stale = Upload.objects.filter(touched_at__lt=now - FORGOTTEN_AFTER)
        count = 0
        for upload in stale.select_for_update(skip_locked=True).iterator():
            drop_upload(upload)
            count += 1
        named = set(Upload.objects.filter(finished_at=None).values_list("part", flat=True))
    for one in parts.listing():
        if one.key not in named and one.changed_at < now - LEFTOVER_AFTER:
            parts.remove(one.key)
    return count


@contextmanager
def _gone_when_refused(upload: Upload) -> Iterator[None]:
    """Drop an upload whose content the library does not take: nothing would change that."""
    try:
        yield
    except (WrongPiece, TooMuchSent, storage.StorageError):
        raise
    except LoaError:
        drop_upload(upload)
        raise


def _locked(upload: Upload) -> Upload:
    """Return the row as it is now, for this transaction alone; Upload.DoesNotExist when gone."""
    # Without its asset: a join would show the other row as it was before we waited.
    return Upload.objects.select_for_update().get(pk=upload.pk)


def _restart(upload: Upload) -> Upload:
    upload.offset_bytes = upload.checksum = 0
    upload.save(update_fields=["offset_bytes", "checksum"])
    return upload


def _one_at_a_time(workspace_id: int) -> None:
    """Let uploads of a workspace begin one after the other, so that their sum is true."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('uploads', %s))", [workspace_id]
        )


def _refuse_early(head: BinaryIO, *, size_bytes: int) -> None:
    """Refuse at the first piece what no further piece can mend."""
    try:
        read_header(head)
    except NotAPicture as error:
        if error.kind in _NEVER_TAKEN:
            raise
    else:
        if size_bytes > settings.UPLOAD_MAX_BYTES:
            raise TooLarge(size_bytes)
