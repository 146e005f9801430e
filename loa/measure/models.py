"""Readings: what a platform counted, taken at one instant."""

from django.db import models

from loa.channels.models import Channel
from loa.ops.models import FencedQuerySet
from loa.publish.models import Delivery
from loa.workspace.models import Workspace


class Reading(models.Model):
    """One value of a metric, since the post went live (or of the channel), at one instant.

    delivery: None for a reading of the channel itself (followers). A value a platform does
    not give is no row at all: unavailable is never 0.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="readings")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="readings")
    metric = models.CharField(max_length=32)
    value = models.BigIntegerField()
    taken_at = models.DateTimeField()

    objects = FencedQuerySet["Reading"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "delivery", "metric", "taken_at"],
                name="one_reading_per_instant",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=0), name="a_count_is_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["delivery", "metric", "-taken_at"], name="reading_of_delivery"),
            models.Index(
                fields=["workspace", "channel", "metric", "-taken_at"], name="reading_of_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class ReadingPlan(models.Model):
    """When a delivery's readings are taken next; often at first, then ever more rarely."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="reading_plan")
    next_at = models.DateTimeField(null=True, blank=True)
    taken_count = models.PositiveSmallIntegerField(db_default=0, default=0)
    last_taken_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=64, blank=True, db_default="", default="")

    objects = FencedQuerySet["ReadingPlan"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="reading_plan_next",
            ),
        ]

    def __str__(self) -> str:
        return f"readings of delivery {self.delivery_id}"


class LinkDay(models.Model):
    """What one tracked link gathered on one local day of its workspace. Nothing about who.

    clicks: requests of people. visitors: of those, browsers counted once (per web process).
    robots: previews, prefetches, crawlers, counted apart. is_partial: there were more visitors
    than could be told apart.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    link = models.ForeignKey("content.Link", models.CASCADE, related_name="days", db_index=False)
    clicked_on = models.DateField()
    clicks = models.PositiveIntegerField()
    visitors = models.PositiveIntegerField()
    robots = models.PositiveIntegerField()
    is_partial = models.BooleanField(db_default=False, default=False)

    objects = FencedQuerySet["LinkDay"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link", "clicked_on"], name="a_link_has_one_row_per_day"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "clicked_on"], name="link_day_of_workspace")]

    def __str__(self) -> str:
        return f"{self.clicks} clicks on link {self.link_id} on {self.clicked_on}"
