"""What happened to an upload, said to a person: what is wrong and what to do."""

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loa.kernel.errors import LoaError
from loa.library import actions
from loa.library.actions import (
    AlreadyKept,
    AnotherKind,
    NoSuchMoment,
    NotAVideo,
    TooLarge,
    TooManyPixels,
    VideoTooLarge,
)
from loa.library.imaging import CannotDecode
from loa.library.queries import WATCH
from loa.library.rules.captions import CaptionsUnreadable
from loa.library.rules.film import Plan
from loa.library.rules.headers import NotAPicture
from loa.library.rules.uploading import NoRoom
from loa.library.storage import StorageError, StorageFull, StorageUnreachable

# Why a file that somebody sends may not be taken; `refusal` has the sentence for each.
REFUSED = (
    AlreadyKept,
    AnotherKind,
    NotAPicture,
    NotAVideo,
    TooLarge,
    TooManyPixels,
    VideoTooLarge,
    CannotDecode,
    StorageError,
)


def refusal(error: LoaError, *, filename: str) -> str:
    """Return a sentence for why an upload was not taken."""
    if isinstance(error, NotAVideo | VideoTooLarge | NoSuchMoment):
        return _about_video(error, filename)
    if isinstance(error, AlreadyKept | AnotherKind):
        return _about_version(error, filename)
    if isinstance(error, TooLarge):
        return too_large(filename)
    if isinstance(error, TooManyPixels):
        return _(
            "“%(name)s” has %(width)s × %(height)s pixels. Loa takes pictures up to 64 megapixels: "
            "make it smaller and send it again."
        ) % {"name": filename, "width": error.width_px, "height": error.height_px}
    if isinstance(error, CannotDecode | NotAPicture):
        kind = error.kind if isinstance(error, NotAPicture) else "undecodable"
        return _not_a_picture(kind) % {"name": filename}
    if isinstance(error, StorageError):
        return no_place(error) % {"name": filename}
    raise TypeError(f"no words for {error!r}")


def _about_version(error: AlreadyKept | AnotherKind, filename: str) -> str:
    if isinstance(error, AlreadyKept):
        return _("The library has “%(name)s” already, as “%(known)s”. Nothing was changed.") % {
            "name": filename,
            "known": error.asset.filename,
        }
    return _(
        "“%(name)s” is another kind of file. A picture takes a picture as its new version, "
        "a video takes a video."
    ) % {"name": filename}


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
            "smaller files at a time."
        ) % {"limit": limit}
    return _(
        "“%(name)s” is larger than %(limit)s. Make it smaller, for example by saving it as JPEG, "
        "and send it again."
    ) % {"name": filename, "limit": limit}


def _about_video(error: NotAVideo | VideoTooLarge | NoSuchMoment, filename: str) -> str:
    if isinstance(error, NotAVideo):
        return _not_a_video(error.reason) % {"name": filename}
    if isinstance(error, NoSuchMoment):
        return _("The video has no picture at that second. Choose one between 0 and its end.")
    return _("“%(name)s” is larger than %(limit)s. Export it smaller and send it again.") % {
        "name": filename,
        "limit": filesizeformat(error.most_bytes),
    }


def _not_a_video(reason: str) -> str:
    sentences = {
        "huge": _(
            "The pictures of “%(name)s” are larger than 8192 pixels on a side or 36 megapixels. "
            "Export it in 4K or less and send that."
        ),
        "endless": _("“%(name)s” is longer than four hours. Cut it and send the parts."),
        "nothing": _("There is no moving picture in “%(name)s”. Export it again and send that."),
        "lying_duration": _(
            "“%(name)s” is not as long as it says, so it is damaged or was cut off. Export it "
            "again and send that."
        ),
        "lying_size": _(
            "The pictures of “%(name)s” have another size than the file says. Export it again and "
            "send that."
        ),
    }
    return sentences.get(
        reason,
        _(
            "“%(name)s” is damaged, or holds a video that cannot be decoded. Play it to its end, "
            "export it as MP4 (H.264), and send that."
        ),
    )


def captions_refusal(error: CaptionsUnreadable) -> str:
    """Return a sentence for why captions were not taken."""
    return {
        "empty": _("The captions file is empty."),
        "too_large": _("That is more than the captions of a video hold. Send a smaller file."),
        "encoding": _("The captions file is not in UTF-8. Save it as UTF-8 and send it again."),
        "no_cues": _("There are no captions in the file. Send an SRT or VTT file."),
        "timing": _("Line %(line)s: the end must come after the beginning."),
        "disorder": _("Line %(line)s: it begins before the caption above it. Sort them by time."),
        "too_late": _("Line %(line)s: it begins after the video has ended."),
    }[error.reason] % {"line": error.line}


def for_what(need: str, plan: Plan) -> str:
    """Return what a rendition is for, as a person reads it in a list."""
    if need == WATCH:
        return _("To check it, and to watch it here")
    if plan.copies:
        return _("For platforms, as it is")
    return _("For platforms, at %(width)s × %(height)s") % {
        "width": plan.width_px,
        "height": plan.height_px,
    }


def order_failure(code: str) -> str:
    """Return why a rendition could not be made, and what to do."""
    return {
        "too_heavy": _("Even with little detail it is too large for the platform. Shorten it."),
        "missing": _("The original is gone from the storage. Upload the video again."),
    }.get(code, _("Part of the video cannot be decoded. Export it again and upload that."))


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
        "video": _(
            "“%(name)s” is a video of a kind Loa does not take. Export it as MP4 and send that."
        ),
        "document": _(
            "“%(name)s” is a document, not a picture. Export the page you need as PNG or JPEG."
        ),
        "undecodable": _(
            "“%(name)s” is damaged or cannot be opened. Open it in an image program, save it "
            "again, and send that file."
        ),
        "broken": _("“%(name)s” is damaged. Check the original and send it again."),
    }
    return sentences.get(
        kind,
        _(
            "“%(name)s” is not a picture or video that Loa knows. Send a JPEG, PNG, WebP, GIF or "
            "AVIF, or a video as MP4, MOV, WebM or MKV."
        ),
    )


def cannot_arrange(error: LoaError) -> str:
    """Return why folders or tags were left as they were, and what to do."""
    sentences: dict[type[LoaError], str] = {
        actions.FolderUnnamed: _("A folder needs a name. Type one and try again."),
        actions.FolderNameTaken: _("There is a folder of that name in that place already."),
        actions.FolderMisplaced: _(
            "A folder cannot lie in itself, nor more than eight deep. Choose another place."
        ),
        actions.FolderGone: _("That folder was taken away meanwhile. Nothing was moved."),
        actions.TooManyFolders: _("There are 1,000 folders already. Use tags for the rest."),
        actions.TagUnnamed: _("A tag needs a word. Type one and try again."),
        actions.TooManyTags: _("There are 2,000 tags already. Use one of them."),
    }
    return sentences.get(type(error), _("This did not work, and nothing was changed."))


def put_away(count: int, *, used: int) -> str:
    """Return what was put away, and that posts which use some of it keep them."""
    words = ngettext("%(count)s picture is put away.", "%(count)s pictures are put away.", count)
    said = words % {"count": count}
    if not used:
        return said
    keep = ngettext(
        "%(count)s of them is in posts, which keep it.",
        "%(count)s of them are in posts, which keep them.",
        used,
    )
    return f"{said} {keep % {'count': used}}"
