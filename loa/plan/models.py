"""Slots of the week, and the secret links under which calendars are subscribed to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace

LAST_WEEKDAY = 6


class Slot(models.Model):
    """A time of the week at which a channel is meant to speak, in the workspace's zone."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(_("day of the week"))
    local_time = models.TimeField(_("time"))

    objects = FencedQuerySet["Slot"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "weekday", "local_time"], name="a_channel_has_each_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, LAST_WEEKDAY)), name="a_weekday_is_monday_to_sunday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.local_time}"


class CalendarFeed(models.Model):
    """A secret link under which a calendar program reads the plan. Only its hash is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["CalendarFeed"].as_manager()

    def __str__(self) -> str:
        return self.name
