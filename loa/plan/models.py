"""Slots of the week, how crowded a channel may get, and the secret links of calendar feeds."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.ops.models import FencedQuerySet
from loa.plan.rules import pacing
from loa.plan.rules.slots import WeeklySlot
from loa.workspace.models import Member, Workspace

LAST_WEEKDAY = 6
MINUTES_IN_DAY = 24 * 60


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

    @property
    def weekly(self) -> WeeklySlot:
        """The slot as the rules know it."""
        return WeeklySlot(self.channel_id, self.weekday, self.local_time)


class ChannelPacing(models.Model):
    """How crowded one channel may get. No row: loa.plan.rules.pacing.DEFAULT."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    channel = models.OneToOneField(Channel, models.CASCADE, related_name="pacing")
    min_gap_minutes = models.PositiveSmallIntegerField(_("shortest time between two posts"))
    daily_cap = models.PositiveSmallIntegerField(_("most posts in a day"))

    objects = FencedQuerySet["ChannelPacing"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(daily_cap__gte=1), name="a_channel_may_speak_once_a_day_at_least"
            ),
            models.CheckConstraint(
                condition=Q(min_gap_minutes__lte=MINUTES_IN_DAY), name="a_gap_fits_in_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.min_gap_minutes} min, {self.daily_cap} a day"

    @property
    def pacing(self) -> pacing.Pacing:
        """The pacing as the rules know it."""
        return pacing.Pacing(timedelta(minutes=self.min_gap_minutes), self.daily_cap)


class CalendarFeed(models.Model):
    """A secret link under which a calendar program reads the plan. Only its hash is kept.

    channel: the only channel the feed tells about; None for all of them.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["CalendarFeed"].as_manager()

    def __str__(self) -> str:
        return self.name
