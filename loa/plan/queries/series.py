"""Reads about series: all of them, one with its dates, and the one that a post belongs to."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from loa.channels.models import Channel
from loa.content.models import Post
from loa.content.rules.planned_time import PlannedTime
from loa.create.queries.lists import rows_of
from loa.plan.models import Occurrence, Series
from loa.plan.rules import days
from loa.plan.rules.ahead import time_on
from loa.plan.rules.lunar import LunarDay, lunar_day
from loa.plan.rules.recurrence import Rhythm, next_dates
from loa.workspace.models import Workspace

DATES_SHOWN, PAST_SHOWN = 8, 12


@dataclass(frozen=True, slots=True)
class NextDate:
    """A date on which a series will speak. asked: the clock time that was wished for."""

    on: date
    at: PlannedTime
    asked: time
    moon: LunarDay

    @property
    def was_skipped(self) -> bool:
        """True when the clock skips the time asked for on that day."""
        return self.at.local.time() != self.asked


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """A series in a list. next_on: None when no date is left. missed_count: told, lately."""

    series: Series
    next_on: NextDate | None
    channels: tuple[Channel, ...]
    missed_count: int


@dataclass(frozen=True, slots=True)
class DateShown:
    """A date about which something is decided. word, at: of its post, when it has one."""

    occurrence: Occurrence
    word: str
    at: datetime | None


def all_series(workspace: Workspace) -> "QuerySet[Series]":
    """Return the workspace's series, the running ones first."""
    return (
        Series.objects.in_workspace(workspace)
        .select_related("kept_by__user")
        .order_by("ended_at", "paused_at", "name", "pk")
    )


def series_shown(workspace: Workspace, *, now: datetime) -> tuple[SeriesShown, ...]:
    """Return every series with its next date and channels, in three queries."""
    series = list(all_series(workspace))
    channels = {one.pk: one for one in Channel.objects.in_workspace(workspace)}
    today = days.today(now, workspace.time_zone)
    decided = Occurrence.objects.in_workspace(workspace).exclude(state=Occurrence.State.MADE)
    rows = decided.filter(on__gte=today - timedelta(days=days.DAYS_IN_LIST)).order_by("on", "pk")
    dates = list(rows.values_list("series", "on", "state"))
    return tuple(
        _shown(
            one,
            channels=channels,
            skipped=[on for pk, on, state in dates if pk == one.pk and state == "skipped"],
            missed_count=sum(pk == one.pk and state == "missed" for pk, _on, state in dates),
            workspace=workspace,
            now=now,
        )
        for one in series
    )


def dates_ahead(
    rhythm: Rhythm, *, local_time: time, zone: str, now: datetime, most: int = DATES_SHOWN
) -> tuple[NextDate, ...]:
    """Return the next dates of a rhythm whose time is still to come."""
    today = days.today(now, zone)
    found = [
        NextDate(on, time_on(on, local_time=local_time, zone=zone), local_time, lunar_day(on))
        for on in next_dates(rhythm, after=today - timedelta(days=1), most=most + 1)
    ]
    return tuple(one for one in found if one.at.instant() > now)[:most]


def coming_of(series: Series, *, now: datetime) -> tuple[DateShown, ...]:
    """Return what is decided about dates from today on, in order."""
    today = days.today(now, series.workspace.time_zone)
    return _dates_shown(_with_posts(series).filter(on__gte=today).order_by("on", "pk"))


def past_of(series: Series, *, now: datetime) -> tuple[DateShown, ...]:
    """Return the latest dates before today, the latest first."""
    today = days.today(now, series.workspace.time_zone)
    past = _with_posts(series).filter(on__lt=today).order_by("-on", "-pk")
    return _dates_shown(past[:PAST_SHOWN])


def later_dates(series: Series, *, now: datetime) -> tuple[NextDate, ...]:
    """Return the next dates about which nothing is decided yet."""
    if series.ended_at:
        return ()
    decided: Collection[date] = Occurrence.objects.filter(series=series).values_list(
        "on", flat=True
    )
    return dates_ahead(
        replace(series.rhythm_alone, skipped=frozenset(decided)),
        local_time=series.local_time,
        zone=series.workspace.time_zone,
        now=now,
    )


def occurrence_of(post: Post) -> Occurrence | None:
    """Return the date of a series that `post` was made for; None when it is in none."""
    return Occurrence.objects.filter(post=post).select_related("series__workspace").first()


def series_to_extend() -> list[tuple[int, int]]:
    """Return workspace and series of all that run, in every workspace."""
    running = Series.objects.filter(paused_at=None, ended_at=None).order_by("pk")
    return list(running.values_list("workspace", "pk"))


def _with_posts(series: Series) -> "QuerySet[Occurrence]":
    return Occurrence.objects.filter(series=series).select_related("post")


def _dates_shown(occurrences: "QuerySet[Occurrence]") -> tuple[DateShown, ...]:
    decided = list(occurrences)
    posts = [one.post for one in decided if one.post and one.state == Occurrence.State.MADE]
    rows = {row.post.pk: row for row in rows_of(posts)}
    found = [(one, rows.get(one.post_id or 0)) for one in decided]
    return tuple(
        DateShown(one, row.word if row else "", row.at if row else None) for one, row in found
    )


def _shown(
    series: Series,
    *,
    channels: dict[int, Channel],
    skipped: Collection[date],
    missed_count: int,
    workspace: Workspace,
    now: datetime,
) -> SeriesShown:
    ahead: tuple[NextDate, ...] = ()
    if not series.ended_at:
        ahead = dates_ahead(
            replace(series.rhythm_alone, skipped=frozenset(skipped)),
            local_time=series.local_time,
            zone=workspace.time_zone,
            now=now,
            most=1,
        )
    there = tuple(channels[pk] for pk in series.document.own if pk in channels)
    return SeriesShown(series, ahead[0] if ahead else None, there, missed_count)
