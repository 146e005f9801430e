"""Originals in the library and the files derived from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from loa.library.rules.fitting import AssetFacts
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class Asset(models.Model):
    """One original image, stored once per workspace.

    sha256: of the file as it was uploaded, so the same file is recognised; what is kept under
    storage_key was re-encoded upright and without metadata. focus_x, focus_y: what must stay
    visible when cropped, each from -1 to 1, (0, 0) the middle. search_text: folded name and
    alt text. archived_at: no longer offered; posts that use it keep it.
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
    uploaded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Asset"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sha256"], name="an_identical_file_is_one_asset"
            ),
            models.CheckConstraint(
                condition=models.Q(focus_x__range=(-1, 1)) & models.Q(focus_y__range=(-1, 1)),
                name="a_focal_point_lies_in_the_picture",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-uploaded_at", "-id"], name="asset_newest"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def facts(self) -> AssetFacts:
        """What checks need to know of this asset."""
        return AssetFacts(
            mime_type=self.mime_type,
            size_bytes=self.size_bytes,
            width_px=self.width_px,
            height_px=self.height_px,
            alt_text=self.alt_text,
            is_transparent=self.is_transparent,
            is_animated=self.is_animated,
        )


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
