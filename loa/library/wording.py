"""What happened to an upload, said to a person: what is wrong and what to do."""

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from loa.kernel.errors import LoaError
from loa.library.actions import TooLarge, TooManyPixels
from loa.library.imaging import CannotDecode
from loa.library.rules.headers import NotAPicture
from loa.library.rules.uploading import NoRoom
from loa.library.storage import StorageError, StorageFull, StorageUnreachable

# Why a file that somebody sends may not be taken; `refusal` has the sentence for each.
REFUSED = (NotAPicture, TooLarge, TooManyPixels, CannotDecode, StorageError)


def refusal(error: LoaError, *, filename: str) -> str:
    """Return a sentence for why an upload was not taken."""
    if isinstance(error, TooLarge):
        return too_large(filename)
    if isinstance(error, TooManyPixels):
        return _(
            "“%(name)s” has %(width)s × %(height)s pixels. Loa takes pictures up to 64 megapixels: "
            "make it smaller and send it again."
        ) % {"name": filename, "width": error.width_px, "height": error.height_px}
    if isinstance(error, CannotDecode):
        return _(
            "“%(name)s” is damaged or cannot be opened. Open it in an image program, save it "
            "again, and send that file."
        ) % {"name": filename}
    if isinstance(error, NotAPicture):
        return _not_a_picture(error.kind) % {"name": filename}
    if isinstance(error, StorageError):
        return no_place(error) % {"name": filename}
    raise TypeError(f"no words for {error!r}")


def no_place(error: StorageError) -> str:
    """Return the sentence, with a place for the %(name)s, for a file that found no place."""
    if isinstance(error, StorageFull):
        return _(
            "There is no room left for “%(name)s”, so it was not kept. Tell whoever looks after "
            "this Loa, then send it again."
        )
    if isinstance(error, StorageUnreachable):
        return _(
            "The place where Loa keeps files does not answer, so “%(name)s” was not kept. Wait a "
            "minute and send it again."
        )
    return _(
        "The place where Loa keeps files does not let Loa in, so “%(name)s” was not kept. Tell "
        "whoever looks after this Loa."
    )


def no_room(why: NoRoom, *, filename: str) -> str:
    """Return the sentence for an upload that may not begin."""
    if why is NoRoom.FILE:
        limit = filesizeformat(settings.UPLOAD_IN_PIECES_MAX_BYTES)
        return _("“%(name)s” is larger than %(limit)s, the most that Loa takes.") % {
            "name": filename,
            "limit": limit,
        }
    if why is NoRoom.MEMBER:
        return _(
            "You have too much on its way already for “%(name)s” to begin. Finish or remove one of "
            "your unfinished uploads in the library."
        ) % {"name": filename}
    return _(
        "Too much is on its way in this workspace for “%(name)s” to begin. Wait until your "
        "colleagues' uploads are done, then send it again."
    ) % {"name": filename}


def too_large(filename: str = "") -> str:
    """Return the sentence for an upload with too many bytes."""
    limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
    if not filename:
        return _(
            "That is more than %(limit)s, so Loa stopped reading. Nothing was kept: send fewer or "
            "smaller pictures at a time."
        ) % {"limit": limit}
    return _(
        "“%(name)s” is larger than %(limit)s. Make it smaller, for example by saving it as JPEG, "
        "and send it again."
    ) % {"name": filename, "limit": limit}


def _not_a_picture(kind: str) -> str:
    sentences = {
        "empty": _("“%(name)s” is an empty file. Check the original and send it again."),
        "svg": _(
            "“%(name)s” is an SVG drawing, which can carry programs and which no platform takes. "
            "Export it as PNG and send that."
        ),
        "heic": _(
            "“%(name)s” is a HEIC photo, which few platforms can show. Export it as JPEG and send "
            "that; an iPhone does so by itself under Settings, Camera, Formats, Most Compatible."
        ),
        "video": _("“%(name)s” is a video. For now Loa takes pictures only."),
        "document": _(
            "“%(name)s” is a document, not a picture. Export the page you need as PNG or JPEG."
        ),
        "broken": _("“%(name)s” is damaged. Check the original and send it again."),
    }
    return sentences.get(
        kind, _("“%(name)s” is not a picture that Loa knows. Send a JPEG, PNG, WebP, GIF or AVIF.")
    )
