"""Slots, how crowded a channel may get, calendar feeds; posts that repeat or fill slots."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loa.channels.models import Channel
from loa.content.models import Post
from loa.content.rules.revisions import PostState
from loa.ops.models import FencedQuerySet
from loa.plan.rules import pacing
from loa.plan.rules.recurrence import Rhythm, rhythm_from_json
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


class Series(models.Model):
    """A post that repeats: what it says, on which dates, at which local time.

    state: content.rules.revisions.PostState as JSON; rhythm: plan.rules.recurrence.Rhythm
    without its skipped dates, which are occurrences. settled_through: the last date for which
    it is decided whether there is a post. kept_by: who answers for what it makes.
    schedules: hand the posts over, or ask for the approval they need; else they stay drafts.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    state = models.JSONField()
    rhythm = models.JSONField()
    local_time = models.TimeField(_("time"))
    schedules = models.BooleanField(db_default=False, default=False)
    settled_through = models.DateField()
    kept_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Series"].as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def document(self) -> PostState:
        """What its next post says."""
        return PostState.from_json(self.state)

    @property
    def rhythm_alone(self) -> Rhythm:
        """Its rhythm, as if no date had been skipped."""
        return rhythm_from_json(self.rhythm)


class Occurrence(models.Model):
    """One date of a series, once something is decided about it.

    post: the one that was made. made_revision and made_local: how it was left by the series;
    while they still hold, nobody has touched it. note: why it stayed a draft (wording.occurrence).
    """

    class State(models.TextChoices):
        MADE = "made", _("Made")
        SKIPPED = "skipped", _("Left out")
        MISSED = "missed", _("Missed")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    series = models.ForeignKey(Series, models.CASCADE, related_name="occurrences")
    on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices)
    post = models.OneToOneField(
        Post, models.SET_NULL, null=True, blank=True, related_name="occurrence"
    )
    made_revision = models.PositiveIntegerField(db_default=0, default=0)
    made_local = models.CharField(max_length=19, blank=True, db_default="", default="")
    note = models.CharField(max_length=32, blank=True, db_default="", default="")

    objects = FencedQuerySet["Occurrence"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "on"], name="a_series_speaks_once_on_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.on} of series {self.series_id}"


class Evergreen(models.Model):
    """A delivered post that may be said again when a slot is free.

    alternates: other captions for it, as the writer gave them. stopped_why: a code when Loa
    stopped it by itself: "changes", "blocked", "empty", "refused". retired_at: a person did.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.OneToOneField(Post, models.CASCADE, related_name="evergreen")
    alternates = models.JSONField(default=list)
    cooldown_days = models.PositiveSmallIntegerField(_("days before it is said again"))
    most_repeats = models.PositiveSmallIntegerField(_("times it is said again at most"))
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    marked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()
    stopped_why = models.CharField(max_length=16, blank=True, db_default="", default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Evergreen"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cooldown_days__gte=1), name="an_evergreen_post_rests_a_day_at_least"
            ),
        ]

    def __str__(self) -> str:
        return f"evergreen {self.post_id}"


class EvergreenPool(models.Model):
    """A channel whose free slots are filled with evergreen posts. No row: they stay free."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    channel = models.OneToOneField(Channel, models.CASCADE, related_name="evergreen_pool")
    weekly_cap = models.PositiveSmallIntegerField(_("most in a week"))
    kept_by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    objects = FencedQuerySet["EvergreenPool"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekly_cap__range=(1, 7)), name="a_pool_fills_one_to_seven_a_week"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekly_cap} a week on channel {self.channel_id}"


class Refill(models.Model):
    """One time that an evergreen post is said again, and why it was chosen.

    wording_number: 0 is the first caption, then the alternates. words: as they were then.
    rested_days, repeat_number, likeness_ratio: why (rules.evergreen.Choice).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    evergreen = models.ForeignKey(Evergreen, models.CASCADE, related_name="refills")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    slot_at = models.DateTimeField()
    post = models.OneToOneField(Post, models.CASCADE, related_name="refill")
    wording_number = models.PositiveSmallIntegerField()
    words = models.TextField()
    rested_days = models.PositiveIntegerField()
    repeat_number = models.PositiveSmallIntegerField()
    likeness_ratio = models.FloatField()
    skipped_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Refill"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "slot_at"], name="a_free_slot_is_filled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"refill {self.pk} of {self.evergreen_id}"
