"""Originals in the library, their folders, tags and rights, and the files derived from them."""

from typing import Any

from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from loa.kernel.text import normalise
from loa.library.models.folders import Folder as Folder
from loa.library.models.folders import Tag as Tag
from loa.library.rules.fitting import AssetFacts
from loa.library.rules.rights import Licence
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace

LICENCES = {
    Licence.UNKNOWN: _("Not noted yet"),
    Licence.OWN: _("Our own"),
    Licence.LICENSED: _("Licensed to us"),
    Licence.PERMISSION: _("Made by a follower, used with permission"),
    Licence.STOCK: _("Stock picture"),
    Licence.OTHER: _("Other"),
}


def licence_choices() -> list[tuple[str, str]]:
    """Return the grounds of use; a function, so that another one is no migration."""
    return [(str(licence), str(label)) for licence, label in LICENCES.items()]


class Asset(models.Model):
    """One original image, stored once per workspace.

    sha256: of the file as it was uploaded, so the same file is recognised; what is kept under
    storage_key was re-encoded upright and without metadata. focus_x, focus_y: what must stay
    visible when cropped, each from -1 to 1, (0, 0) the middle. search_text: folded words
    by which it is found, its name first. archived_at: no longer offered; posts that use it keep it.

    rights_until: the last day of the licence. usable_until: the first end among that and the
    consents, written with them (actions.rights) so that queries need not look at each.

    A version is an asset of its own, with its own id and file: what was approved shows what it
    showed. family: the first version, None in that one. newer: what replaced it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    mime_type = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    is_transparent = models.BooleanField(db_default=False, default=False)
    is_animated = models.BooleanField(db_default=False, default=False)
    storage_key = models.CharField(max_length=255)
    alt_text = models.TextField(_("alt text"), blank=True, db_default="", default="")
    focus_x = models.FloatField(db_default=0.0, default=0.0)
    focus_y = models.FloatField(db_default=0.0, default=0.0)
    search_text = models.TextField(blank=True, db_default="", default="")
    creator = models.CharField(max_length=160, blank=True, db_default="", default="")
    credit = models.CharField(max_length=300, blank=True, db_default="", default="")
    licence = models.CharField(
        max_length=16,
        blank=True,
        choices=licence_choices,
        db_default="",
        default="",
    )
    licence_note = models.TextField(blank=True, db_default="", default="")
    rights_until = models.DateField(null=True, blank=True)
    usable_until = models.DateField(null=True, blank=True)
    folder = models.ForeignKey(Folder, models.PROTECT, null=True, blank=True, related_name="assets")
    family = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_versions"
    )
    version = models.PositiveSmallIntegerField(db_default=1, default=1)
    newer = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="older"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="assets", through="AssetTag")
    uploaded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Asset"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sha256"], name="an_identical_file_is_one_asset"
            ),
            models.UniqueConstraint(fields=["family", "version"], name="a_version_is_counted_once"),
            models.CheckConstraint(
                condition=models.Q(family=None, version=1)
                | models.Q(family__isnull=False, version__gt=1),
                name="the_first_version_begins_the_family",
            ),
            models.CheckConstraint(
                condition=models.Q(focus_x__range=(-1, 1)) & models.Q(focus_y__range=(-1, 1)),
                name="a_focal_point_lies_in_the_picture",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-uploaded_at", "-id"], name="asset_newest"),
            models.Index(
                fields=["workspace", "usable_until"],
                condition=models.Q(usable_until__isnull=False),
                name="asset_usable_until",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_video(self) -> bool:
        """True when it moves and has a Film."""
        return self.mime_type.startswith("video/")

    @property
    def facts(self) -> AssetFacts:
        """What checks need to know of this asset; of a video, its film is read too."""
        film = self.film if self.is_video else None
        return AssetFacts(
            mime_type=self.mime_type,
            size_bytes=self.size_bytes,
            width_px=self.width_px,
            height_px=self.height_px,
            alt_text=self.alt_text,
            is_transparent=self.is_transparent,
            is_animated=self.is_animated,
            **(film.facts if film else {}),
            is_replaced=self.newer_id is not None,
        )


class AssetTag(models.Model):
    """A tag on an asset."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    objects = FencedQuerySet["AssetTag"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "tag"], name="an_asset_has_a_tag_once"),
        ]

    def __str__(self) -> str:
        return f"tag {self.tag_id} of asset {self.asset_id}"


class Consent(models.Model):
    """A person shown in a picture agreed that it is used. until: the last day, if one was set."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="consents")
    person = models.CharField(max_length=160)
    agreed_to = models.TextField(blank=True, db_default="", default="")
    until = models.DateField(null=True, blank=True)
    noted_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = FencedQuerySet["Consent"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=""), name="a_consent_names_its_person"
            ),
        ]

    def __str__(self) -> str:
        return self.person


class Rendition(models.Model):
    """A file derived from an asset for one need: a thumbnail, a platform's size limit."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="renditions")
    need = models.CharField(max_length=64)
    mime_type = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    storage_key = models.CharField(max_length=255)
    made_at = models.DateTimeField()

    objects = FencedQuerySet["Rendition"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "need"], name="an_asset_has_one_rendition_per_need"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} of asset {self.asset_id}"


class Upload(models.Model):
    """A file on its way into the library, sent in pieces; finished when it is an asset.

    part: the file in which it gathers. offset_bytes: how much of it counts; checksum: the
    CRC-32 of that much. modified_ms: when the sender's own file was changed, so that the
    same file, chosen again, goes on where it stopped. version_of: what it becomes a version of.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    sent_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    size_bytes = models.PositiveBigIntegerField()
    modified_ms = models.BigIntegerField(db_default=0, default=0)
    part = models.CharField(max_length=32, unique=True)
    offset_bytes = models.PositiveBigIntegerField(db_default=0, default=0)
    checksum = models.PositiveBigIntegerField(db_default=0, default=0)
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    version_of = models.ForeignKey(Asset, models.CASCADE, null=True, blank=True, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Upload"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offset_bytes__lte=models.F("size_bytes")),
                name="an_upload_holds_no_more_than_it_announced",
            ),
            models.CheckConstraint(
                condition=models.Q(asset=None, finished_at=None)
                | models.Q(asset__isnull=False, finished_at__isnull=False),
                name="a_finished_upload_is_an_asset",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "sent_by", "-touched_at"], name="upload_of_member"),
            models.Index(fields=["touched_at"], name="upload_untouched"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def percent(self) -> int:
        """How much of it is here, for people."""
        return self.offset_bytes * 100 // self.size_bytes


class Film(models.Model):
    """What was measured of an asset that is a video.

    Its asset's file is the original as it was sent, and its sides are as it is shown, after
    rotation. state: "checking" until all of it was decoded once, then "ready" or "broken".
    cover_ms: the moment its cover was taken from; None when the cover is a picture of its own.
    high_range: of rules.colours.
    """

    class State(models.TextChoices):
        """How far we know it."""

        CHECKING = "checking"
        READY = "ready"
        BROKEN = "broken"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.OneToOneField(Asset, models.CASCADE, related_name="film")
    duration_ms = models.PositiveIntegerField()
    frame_rate = models.FloatField()
    video_codec = models.CharField(max_length=32)
    pixel_format = models.CharField(max_length=32, blank=True)
    high_range = models.CharField(max_length=32, blank=True, db_default="")
    audio_codec = models.CharField(max_length=32, blank=True)
    packet_count = models.PositiveIntegerField()
    state = models.CharField(max_length=16, db_default=State.CHECKING)
    cover_ms = models.PositiveIntegerField(null=True, blank=True)

    objects = FencedQuerySet["Film"].as_manager()

    def __str__(self) -> str:
        return f"film of asset {self.asset_id}"

    @property
    def length(self) -> str:
        """How long it is, as players write it: 0:07, 12:30, 1:02:03."""
        minutes, seconds = divmod(round(self.duration_ms / 1000), 60)
        hours, rest = divmod(minutes, 60)
        return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    @property
    def facts(self) -> dict[str, Any]:
        """What checks need to know of the video, as fields of AssetFacts."""
        names = (
            *("duration_ms", "frame_rate", "video_codec", "pixel_format"),
            *("audio_codec", "high_range"),
        )
        return {**{name: getattr(self, name) for name in names}, "video_state": self.state}


class RenditionOrder(models.Model):
    """A rendition of a video that is wanted, and how far it is. Many wants share one order.

    plan: rules.film.Plan as JSON. tries: also the token of who works on it; whoever finds
    another number has lost it. worked_at: when something was last heard of the work.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        WORKING = "working"
        MADE = "made"
        FAILED = "failed"
        CANCELLED = "cancelled"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="orders")
    need = models.CharField(max_length=64)
    plan = models.JSONField()
    state = models.CharField(max_length=16, db_default=State.WAITING)
    done_ms = models.PositiveIntegerField(db_default=0, default=0)
    failure_code = models.CharField(max_length=64, blank=True, db_default="", default="")
    tries = models.PositiveSmallIntegerField(db_default=0, default=0)
    ordered_at = models.DateTimeField()
    worked_at = models.DateTimeField()

    objects = FencedQuerySet["RenditionOrder"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "need"], name="a_need_of_an_asset_is_ordered_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["worked_at"],
                condition=models.Q(state__in=["waiting", "working"]),
                name="order_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} of asset {self.asset_id}"


class Captions(models.Model):
    """What is said in a video, in one language, as WebVTT."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="captions")
    language = models.CharField(max_length=16)
    vtt = models.TextField()
    kept_at = models.DateTimeField()

    objects = FencedQuerySet["Captions"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "language"], name="a_video_has_captions_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} captions of asset {self.asset_id}"

    @property
    def language_name(self) -> str:
        """The language in its own words."""
        return normalise(get_language_info(self.language)["name_local"])
