"""Change a series from now on, leave out single dates, pause and end it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from loa.content.models import Post
from loa.content.queries import state_of
from loa.content.rules.planned_time import PlannedTime
from loa.content.rules.revisions import PostState
from loa.create.actions import (
    AlreadyOut,
    delete_post,
    plan_post,
    restore_post,
    save_post,
)
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan.actions.locks import lock_posts
from loa.plan.actions.recurring import (
    S,
    Terms,
    extend,
    locked_series,
    make_occurrence,
    note,
    only_open_channels,
    refuse_no_rhythm,
    rhythm_of,
)
from loa.plan.models import Occurrence, Series
from loa.plan.rules import days
from loa.plan.rules.ahead import NOTICE, time_on
from loa.plan.rules.recurrence import dates_between
from loa.publish.actions import CannotCancel, PastTime
from loa.workspace.models import Member


class SeriesGone(LoaError):
    """The series is gone or has ended."""


class NotADate(LoaError):
    """The series does not speak on that date, or the date has passed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change from now on did to posts that were planned already.

    kept: those that somebody had touched, or that are out; they stay as they are.
    """

    series: Series
    changed_count: int
    removed_count: int
    kept: tuple[Occurrence, ...]


def change_series(series: Series, *, terms: Terms, by: Member) -> Changed:
    """Give the series another rhythm, time or way, from now on.

    Posts that nobody touched follow: they move to the new time, or go to the bin when their
    date is no longer one. Touched ones stay. Raises NotARhythm or SeriesGone.
    """
    refuse_no_rhythm(terms.rhythm)
    with transaction.atomic():
        locked = _open(series)
        locked.name, locked.schedules = terms.name, terms.schedules
        locked.rhythm, locked.local_time = terms.rhythm.to_json(), terms.local_time
        locked.kept_by = by
        locked.save()
        changed = _follow(locked, by=by, new_words=None)
        _begin_again(locked)
        note(locked, "series.changed", by=by)
    return changed


def repeat_words(post: Post, *, by: Member) -> Changed:
    """Let what this occurrence says be what its series says from now on.

    Later posts that nobody touched get the same words. Raises SeriesGone when the post is
    in no series.
    """
    with transaction.atomic():
        held = Occurrence.objects.filter(post=post).select_related("series__workspace").first()
        if held is None:
            raise SeriesGone(f"post {post.pk} is in no series")
        locked = _open(held.series)
        state = state_of(post)
        locked.state = state.to_json()
        locked.save(update_fields=["state"])
        # The post that spoke first is no longer "touched": it is what the series says.
        held.made_revision = post.revision
        held.save(update_fields=["made_revision"])
        changed = _follow(locked, by=by, new_words=state, after=held.on)
        note(locked, "series.changed", by=by)
    return changed


def skip_date(series: Series, *, on: date, by: Member) -> None:
    """Leave one date out. A post made for it goes to the bin. `speak_on` undoes it.

    Raises NotADate, or create.actions.AlreadyOut when the post is live or on its way.
    """
    with transaction.atomic():
        locked = _open(series)
        held = Occurrence.objects.filter(series=locked, on=on).select_related("post").first()
        if held is None:
            _refuse_other_dates(locked, on)
            held = Occurrence(workspace=locked.workspace, series=locked, on=on)
        elif held.post is not None:
            delete_post(held.post, by=by)
        held.state = S.SKIPPED
        held.save()
        note(locked, "series.date_skipped", by=by, days=[on.isoformat()])


def speak_on(series: Series, *, on: date, by: Member) -> None:
    """Take a date back in that was left out. Raises NotADate when it has passed meanwhile."""
    with transaction.atomic():
        locked = _open(series)
        held = Occurrence.objects.filter(series=locked, on=on, state=S.SKIPPED).first()
        if held is None:
            raise NotADate(f"{on} was not left out")
        at = time_on(on, local_time=locked.local_time, zone=locked.workspace.time_zone)
        if at.instant() < clock.now() + NOTICE:
            raise NotADate(f"{on} has passed")
        if held.post is not None:
            restore_post(held.post, by=by)
            held.state = S.MADE
            held.save(update_fields=["state"])
        else:
            held.delete()
            if on <= locked.settled_through:
                make_occurrence(locked, on, at)
        note(locked, "series.date_taken_in", by=by, days=[on.isoformat()])


def pause_series(series: Series, *, by: Member) -> None:
    """Make no more posts until it is resumed. What is planned already stays."""
    with transaction.atomic():
        locked = _open(series)
        if locked.paused_at is None:
            locked.paused_at = clock.now()
            locked.save(update_fields=["paused_at"])
            note(locked, "series.paused", by=by)


def resume_series(series: Series, *, by: Member) -> None:
    """Go on from today. Dates that passed in the pause were meant to be left out."""
    with transaction.atomic():
        locked = _open(series)
        if locked.paused_at is not None:
            locked.paused_at = None
            locked.save(update_fields=["paused_at"])
            _begin_again(locked)
            note(locked, "series.resumed", by=by)


def end_series(series: Series, *, by: Member) -> None:
    """Make no more posts, for good. What is planned already stays, as posts of their own."""
    with transaction.atomic():
        locked = _open(series)
        locked.ended_at = clock.now()
        locked.save(update_fields=["ended_at"])
        note(locked, "series.ended", by=by)


def _open(series: Series) -> Series:
    locked = locked_series(series.pk)
    if locked is None or locked.ended_at is not None:
        raise SeriesGone(f"series {series.pk}")
    return locked


def _begin_again(series: Series) -> None:
    """Settle anew from today on; what lies behind stays behind."""
    if series.paused_at is None:
        today = days.today(clock.now(), series.workspace.time_zone)
        series.settled_through = today - timedelta(days=1)
        extend(series, tells_missed=False)


def _follow(
    series: Series, *, by: Member, new_words: PostState | None, after: date | None = None
) -> Changed:
    """Let the coming posts follow the series as it is now; after: only those of later dates."""
    coming = _coming(series, after)
    posts = lock_posts(series.workspace, [one.post_id for one in coming if one.post_id])
    last = max((one.on for one in coming), default=series.settled_through)
    first = min((one.on for one in coming), default=last)
    wanted = set(dates_between(series.rhythm_alone, first=first, last=last))
    changed = removed = 0
    kept: list[Occurrence] = []
    for one in coming:
        post = posts.get(one.post_id or 0)
        if post is None:
            continue
        try:
            with transaction.atomic():
                if not _is_untouched(one, post):
                    kept.append(one)
                elif one.on in wanted:
                    changed += _bring_along(one, post, series=series, words=new_words, by=by)
                else:
                    delete_post(post, by=by)
                    one.delete()
                    removed += 1
        except (AlreadyOut, CannotCancel, PastTime):
            kept.append(one)
    return Changed(series, changed, removed, tuple(kept))


def _coming(series: Series, after: date | None) -> list[Occurrence]:
    today = days.today(clock.now(), series.workspace.time_zone)
    coming = Occurrence.objects.filter(series=series, state=S.MADE, on__gte=today)
    if after is not None:
        coming = coming.filter(on__gt=after)
    return list(coming.order_by("on", "pk"))


def _is_untouched(one: Occurrence, post: Post) -> bool:
    planned: Iterable[PlannedTime | None] = [each.planned for each in post.variants.all()]
    return post.revision == one.made_revision and all(
        at is not None and at.local.isoformat(timespec="seconds") == one.made_local
        for at in planned
    )


def _bring_along(
    one: Occurrence, post: Post, *, series: Series, words: PostState | None, by: Member
) -> bool:
    at = time_on(one.on, local_time=series.local_time, zone=series.workspace.time_zone)
    moved = at.local.isoformat(timespec="seconds") != one.made_local
    if words is not None:
        state = only_open_channels(words, series=series)
        post = save_post(post, base_revision=post.revision, state=state, by=by)
    if moved or words is not None:
        plan_post(post, at=at, by=by)
        one.made_revision = post.revision
        one.made_local = at.local.isoformat(timespec="seconds")
        one.save(update_fields=["made_revision", "made_local"])
    return moved or words is not None


def _refuse_other_dates(series: Series, on: date) -> None:
    today = days.today(clock.now(), series.workspace.time_zone)
    if on < today or on not in dates_between(rhythm_of(series), first=on, last=on):
        raise NotADate(f"series {series.pk} does not speak on {on}")
