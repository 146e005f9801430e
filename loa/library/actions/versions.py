"""Put a new version beside an asset. The old one stays, for the posts that show it."""

from collections.abc import Callable
from typing import BinaryIO

from django.db import IntegrityError, transaction

from loa.kernel.errors import LoaError
from loa.library import imaging
from loa.library.actions.finding import refresh_words
from loa.library.actions.keeping import ORIGINAL, SMALL, as_file, checked, row_of
from loa.library.actions.videos import checked_video, keep_film, video_row
from loa.library.models import Asset, AssetTag, Consent
from loa.library.queries import PREVIEW, THUMB, keep_rendition
from loa.library.rules.videos import container_of
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

# What a new version begins with: all that is said about the picture it replaces.
SAID = (
    "alt_text",
    "focus_x",
    "focus_y",
    "creator",
    "credit",
    "licence",
    "licence_note",
    "rights_until",
    "usable_until",
    "folder_id",
    "archived_at",
)


class AnotherKind(LoaError):
    """A picture was sent as the version of a video, or the other way round."""


class AlreadyKept(LoaError):
    """The library has this very file already, as `asset`."""

    def __init__(self, asset: Asset) -> None:
        super().__init__(f"asset {asset.pk}")
        self.asset = asset


def add_version(upload: BinaryIO, *, of: Asset, filename: str, by: Member) -> Asset:
    """Take a file in as the newest version of `of`, with all that is said about it.

    A video's captions stay with the old one: another cut speaks at other times. AlreadyKept
    when the library has this file, AnotherKind when it is no version of that; else what
    `keep_upload` raises. Nothing is changed then. Two versions sent at once come one after
    the other.
    """
    with as_file(upload) as file:
        mime_type = container_of(file)
        if (mime_type is not None) != of.is_video:
            raise AnotherKind(filename)
        sha256 = checked_video(file) if mime_type else checked(file)
        _refuse_known(sha256, by)
        version, keep_more = (
            _video(file, sha256=sha256, mime_type=mime_type, filename=filename, by=by)
            if mime_type
            else _picture(file, sha256=sha256, filename=filename, by=by)
        )
    with transaction.atomic():
        newest = _newest_locked(of)
        version.family_id = newest.family_id or newest.pk
        version.version = newest.version + 1
        for name in SAID:
            setattr(version, name, getattr(newest, name))
        try:
            with transaction.atomic():
                version.save()
        except IntegrityError:
            _refuse_known(sha256, by)
            raise
        Asset.objects.filter(pk=newest.pk).update(newer=version)
        _copy_links(newest, version)
        keep_more(version)
        refresh_words([version.pk], workspace=by.workspace)
        record_audit(
            by.workspace,
            member=by,
            action="asset.version_added",
            subject=f"asset:{version.pk}",
            detail={"version": version.version, "name": version.filename},
        )
    return version


def _picture(
    file: BinaryIO, *, sha256: str, filename: str, by: Member
) -> tuple[Asset, Callable[[Asset], object]]:
    original, thumb, preview = imaging.make(file, [ORIGINAL, *SMALL])

    def keep_small(version: Asset) -> None:
        keep_rendition(version, need=THUMB, picture=thumb)
        keep_rendition(version, need=PREVIEW, picture=preview)

    return row_of(original, sha256=sha256, filename=filename, by=by), keep_small


def _video(
    file: BinaryIO, *, sha256: str, mime_type: str, filename: str, by: Member
) -> tuple[Asset, Callable[[Asset], object]]:
    row, seen = video_row(file, sha256=sha256, mime_type=mime_type, filename=filename, by=by)
    return row, lambda version: keep_film(version, seen)


def _refuse_known(sha256: str, by: Member) -> None:
    known = Asset.objects.in_workspace(by.workspace).filter(sha256=sha256).first()
    if known is not None:
        raise AlreadyKept(known)


def _newest_locked(asset: Asset) -> Asset:
    """Lock the family by its first version, so that versions sent at once take turns."""
    first = asset.family_id or asset.pk
    Asset.objects.select_for_update(of=("self",)).get(pk=first)
    family = Asset.objects.filter(family=first).order_by("-version").first()
    return family or Asset.objects.get(pk=first)


def _copy_links(old: Asset, new: Asset) -> None:
    AssetTag.objects.bulk_create(
        AssetTag(workspace_id=new.workspace_id, asset=new, tag_id=tag_id)
        for tag_id in old.tags.order_by("pk").values_list("pk", flat=True)
    )
    consents = list(Consent.objects.filter(asset=old).order_by("pk"))
    for consent in consents:
        consent.pk, consent.asset = None, new
    Consent.objects.bulk_create(consents)
