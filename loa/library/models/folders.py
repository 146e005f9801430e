"""Where assets lie, and the words under which they are found."""

from django.db import models

from loa.ops.models import FencedQuerySet
from loa.workspace.models import Workspace


class Folder(models.Model):
    """A place for assets, inside another one or at the top. key: its name without capitals."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="inside")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=160)

    objects = FencedQuerySet["Folder"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "parent", "key"],
                name="a_folder_name_is_used_once_in_its_place",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_folder_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word by which assets of any folder are found. key: without capitals; accents count."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    key = models.CharField(max_length=80)

    objects = FencedQuerySet["Tag"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="a_tag_is_there_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_tag_says_something"),
        ]

    def __str__(self) -> str:
        return self.name
