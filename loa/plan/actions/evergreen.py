"""Mark posts as evergreen, and let them fill the free slots of channels."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from loa.channels.models import Channel
from loa.content.models import Post, Variant
from loa.content.rules.planned_time import planned
from loa.content.rules.revisions import PostState
from loa.create.actions import create_post, delete_post, restore_post
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock
from loa.plan import queries
from loa.plan.actions.locks import lock_queues
from loa.plan.actions.moving import touch
from loa.plan.actions.recurring import hand_over
from loa.plan.models import Evergreen, EvergreenPool, Refill
from loa.plan.queries import evergreen as reads
from loa.plan.rules import days
from loa.plan.rules.evergreen import FILLS_FROM, FILLS_UNTIL, MOST_WEEKLY, Candidate, Choice, fill
from loa.plan.rules.likeness import is_too_like
from loa.plan.rules.pacing import Taken
from loa.plan.rules.slots import slot_times
from loa.publish.actions import reschedule_variants
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

MOST_ALTERNATES = 4
# Long enough to know what this week holds already.
LOOKS_BACK = timedelta(weeks=2)
# What stops one evergreen post for good; the others say something about channel or keeper.
STOPS = frozenset({"blocked", "empty", "refused"})


class NotDeliveredYet(LoaError):
    """Only a post that is live can be said again."""


class TooAlike(LoaError):
    """An alternate would be read as another wording. `number`: which, from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"alternate {number}")
        self.number = number


class NotATerm(LoaError):
    """A rest, a number of times or a weekly number that makes no sense."""


class SlotGone(LoaError):
    """What filled the slot has gone out, or its time has passed."""


@dataclass(frozen=True, slots=True)
class Rest:
    """How often an evergreen post may be said again."""

    cooldown_days: int
    most_repeats: int
    expires_on: date | None = None


class _NotHandedOver(Exception):
    """Rolls a refill back that could not be handed over."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def mark_evergreen(post: Post, *, rest: Rest, alternates: Collection[str], by: Member) -> Evergreen:
    """Let a delivered post be said again, in other words; marking again changes the terms.

    Raises NotDeliveredYet, TooAlike when two wordings would be read as one, or NotATerm.
    """
    if rest.cooldown_days < 1 or rest.most_repeats < 1:
        raise NotATerm(f"{rest}")
    wordings = [normalise(one).strip() for one in alternates if one.strip()]
    if not reads.was_delivered(post) or post.deleted_at:
        raise NotDeliveredYet(f"post {post.pk}")
    said = [reads.words_of(one.document) for one in post.variants.select_related("post")]
    for number, words in enumerate(wordings, start=1):
        if any(is_too_like(words, one) for one in [*said, *wordings[: number - 1]]):
            raise TooAlike(number)
    with transaction.atomic():
        kept, _is_new = Evergreen.objects.update_or_create(
            post=post,
            defaults={
                "workspace": post.workspace,
                "alternates": wordings[:MOST_ALTERNATES],
                "cooldown_days": rest.cooldown_days,
                "most_repeats": rest.most_repeats,
                "expires_on": rest.expires_on,
                "marked_by": by,
                "marked_at": clock.now(),
                "stopped_why": "",
                "retired_at": None,
            },
        )
        note(kept, "evergreen.marked", by=by)
    return kept


def retire_evergreen(evergreen: Evergreen, *, by: Member) -> None:
    """Say it no more. What fills slots already stays. `bring_back_evergreen` undoes it."""
    with transaction.atomic():
        evergreen.retired_at = clock.now()
        evergreen.save(update_fields=["retired_at"])
        note(evergreen, "evergreen.retired", by=by)


def bring_back_evergreen(evergreen: Evergreen, *, by: Member) -> None:
    """Let a retired or stopped one be said again."""
    with transaction.atomic():
        evergreen.retired_at, evergreen.stopped_why = None, ""
        evergreen.save(update_fields=["retired_at", "stopped_why"])
        note(evergreen, "evergreen.marked", by=by)


def set_pool(channel: Channel, *, weekly_cap: int, by: Member) -> None:
    """Say how many free slots of the channel are filled in a week; 0 leaves them free."""
    if not 0 <= weekly_cap <= MOST_WEEKLY:
        raise NotATerm(f"{weekly_cap} a week")
    with transaction.atomic():
        if weekly_cap:
            EvergreenPool.objects.update_or_create(
                channel=channel,
                defaults={
                    "workspace": channel.workspace,
                    "weekly_cap": weekly_cap,
                    "kept_by": by,
                },
            )
        else:
            EvergreenPool.objects.filter(channel=channel).delete()
        record_audit(
            channel.workspace,
            member=by,
            action="evergreen.pool_set",
            subject=f"channel:{channel.pk}",
            detail={"channel": channel.name, "count": weekly_cap},
        )


def fill_pool(pool_id: int) -> tuple[Refill, ...]:
    """Fill the channel's free slots of the next days. Safe to run twice and at the same time.

    () when there is nothing to fill or to say, or the pool is gone.
    """
    with transaction.atomic():
        pool = (
            EvergreenPool.objects.select_for_update(of=("self",))
            .select_related("channel__workspace", "workspace", "kept_by")
            .filter(pk=pool_id)
            .first()
        )
        if pool is None or pool.channel.state != Channel.State.CONNECTED:
            return ()
        lock_queues(pool.workspace, [pool.channel_id])
        _stop_where_changes_were_asked(pool)
        rows = reads.candidates(pool.workspace, channel=pool.channel).get(pool.channel_id, ())
        choices = _choices(pool, [one for _evergreen, one in rows])
        by_id = {evergreen.pk: (evergreen, one) for evergreen, one in rows}
        made = [_refill(pool, *by_id[one.evergreen_id], choice=one) for one in choices]
        return tuple(one for one in made if one is not None)


def skip_refill(refill: Refill, *, by: Member) -> None:
    """Leave a filled slot free: its post goes to the bin. `keep_refill` undoes it.

    Raises create.actions.AlreadyOut when it is live or on its way.
    """
    with transaction.atomic():
        delete_post(refill.post, by=by)
        refill.skipped_at = clock.now()
        refill.save(update_fields=["skipped_at"])


def keep_refill(refill: Refill, *, by: Member) -> None:
    """Take what was left out back in. SlotGone when its time has passed."""
    if refill.slot_at <= clock.now():
        raise SlotGone(f"refill {refill.pk}")
    with transaction.atomic():
        restore_post(refill.post, by=by)
        refill.skipped_at = None
        refill.save(update_fields=["skipped_at"])


def note(evergreen: Evergreen, action: str, *, by: Member | None, why: str = "") -> None:
    """Write what happened to an evergreen post into the audit trail."""
    record_audit(
        evergreen.workspace,
        member=by,
        action=action,
        subject=f"post:{evergreen.post_id}",
        detail={"why": why},
    )


def _choices(pool: EvergreenPool, able: list[Candidate]) -> tuple[Choice, ...]:
    now, zone = clock.now(), pool.workspace.time_zone
    [week] = queries.channel_weeks(pool.workspace, [pool.channel_id])
    times = slot_times(
        week.slots,
        zone=zone,
        first=days.today(now + FILLS_FROM, zone),
        last=days.today(now + FILLS_UNTIL, zone),
    )
    mine = Refill.objects.filter(channel=pool.channel, slot_at__gte=now - LOOKS_BACK)
    decided = set(mine.values_list("slot_at", flat=True))
    free = [
        one.at
        for one in times
        if now + FILLS_FROM <= one.at <= now + FILLS_UNTIL and one.at not in decided
    ]
    taken = queries.taken_times(
        pool.workspace,
        [pool.channel_id],
        since=now - queries.MARGIN,
        until=now + FILLS_UNTIL + queries.MARGIN,
    )
    return fill(
        free,
        able,
        taken=Taken.of(taken[pool.channel_id], days.place(zone)),
        pacing=week.pacing,
        quiet=reads.quiet_days(pool.workspace, now=now),
        weekly_cap=pool.weekly_cap,
        filled=_filled(mine),
    )


def _filled(mine: "Collection[Refill]") -> list[datetime]:
    return [one.slot_at for one in mine if one.skipped_at is None]


def _refill(
    pool: EvergreenPool, evergreen: Evergreen, one: Candidate, *, choice: Choice
) -> Refill | None:
    """Make and hand over the post; stop the evergreen post where a check or rights refuse it."""
    try:
        with transaction.atomic():
            return _make(pool, evergreen, one, choice=choice)
    except _NotHandedOver as refused:
        if refused.why in STOPS:
            evergreen.stopped_why = refused.why
            evergreen.save(update_fields=["stopped_why"])
            note(evergreen, "evergreen.stopped", by=None, why=refused.why)
        return None


def _make(pool: EvergreenPool, evergreen: Evergreen, one: Candidate, *, choice: Choice) -> Refill:
    words = one.wordings[choice.wording_number]
    post = create_post(pool.kept_by, state=_state(pool, evergreen, words))
    times = {
        variant.pk: planned(choice.at, pool.workspace.time_zone) for variant in post.variants.all()
    }
    reschedule_variants(post, times=times, by=pool.kept_by)
    why = hand_over(post, by=pool.kept_by)
    if why:
        raise _NotHandedOver(why)
    touch([post])
    return Refill.objects.create(
        workspace=pool.workspace,
        evergreen=evergreen,
        channel=pool.channel,
        slot_at=choice.at,
        post=post,
        wording_number=choice.wording_number,
        words=words,
        rested_days=choice.rested.days,
        repeat_number=choice.repeat_number,
        likeness_ratio=choice.likeness_ratio,
    )


def _state(pool: EvergreenPool, evergreen: Evergreen, words: str) -> PostState:
    """Return what the new post says: what went out there, with the wording in its first part."""
    source = Variant.objects.select_related("post").get(
        post=evergreen.post_id, channel=pool.channel
    )
    document = source.document
    first = replace(document.parts[0], caption=words)
    return PostState(
        title=source.post.title,
        language=source.post.language,
        campaign_id=source.post.campaign_id,
        shared=replace(document, parts=(first, *document.parts[1:])),
        own={pool.channel_id: None},
    )


def _stop_where_changes_were_asked(pool: EvergreenPool) -> None:
    """Stop what a reviewer wants changed: said again as it is, it would be refused again."""
    asked = Evergreen.objects.in_workspace(pool.workspace).filter(
        refills__post__review=Post.Review.CHANGES, refills__post__deleted_at=None, stopped_why=""
    )
    for evergreen in asked.distinct():
        evergreen.stopped_why = "changes"
        evergreen.save(update_fields=["stopped_why"])
        note(evergreen, "evergreen.stopped", by=None, why="changes")
