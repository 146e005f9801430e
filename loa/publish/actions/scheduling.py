"""Hand posts over to be sent: at their planned times, or now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from loa.channels.models import Channel
from loa.content import queries as content
from loa.content.actions.films import order_videos
from loa.content.models import Post, Variant
from loa.content.rules.findings import Finding, blocks
from loa.content.rules.planned_time import planned
from loa.kernel.errors import LoaError
from loa.library.queries import ended_assets
from loa.ops import clock
from loa.publish.actions.telling import note, tell_pages, wake_dispatcher
from loa.publish.models import Delivery
from loa.publish.rules import lateness
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member

# Where a delivery may be when somebody (re)schedules it and it shall follow.
_FOLLOWS = frozenset({S.DUE, S.CANCELLED, S.FAILED})


class CannotSchedule(LoaError):
    """The post cannot be handed over as it is. `variants`: the ones that stand in the way."""

    def __init__(self, detail: str, *, variants: Iterable[Variant] = ()) -> None:
        super().__init__(detail)
        self.variants = tuple(variants)


class PostDeleted(CannotSchedule):
    """The post is in the bin."""


class NoTimeSet(CannotSchedule):
    """No variant of the post has a planned time."""


class PastTime(CannotSchedule):
    """A planned time has passed."""


class NothingToSend(CannotSchedule):
    """There is no variant, or one of them says nothing."""


class ChannelNotConnected(CannotSchedule):
    """A channel is lost or disconnected: a person must reconnect it first."""


class NotApproved(CannotSchedule):
    """The workspace's review rule does not let this content out yet."""


class ApprovalEnded(NotApproved):
    """It was approved, but longer ago than the review rule takes."""


class HasBlockingFindings(CannotSchedule):
    """A check found something that the platform would refuse. `findings`: by channel id."""

    def __init__(
        self, findings: Mapping[int, tuple[Finding, ...]], *, variants: Iterable[Variant]
    ) -> None:
        super().__init__("a check stands against sending", variants=variants)
        self.findings = findings


class RightsEnd(CannotSchedule):
    """A picture may no longer be used at the time at which it would go out."""


def schedule_post(post: Post, *, by: Member) -> list[Delivery]:
    """Hand over every variant of `post` that has a planned time, to go out at that time.

    Scheduling twice changes nothing; a new planned time moves what is still waiting. What is
    on its way or live stays as it is. Raises a CannotSchedule, and then nothing is changed.
    """
    with transaction.atomic():
        post = _locked(post)
        now = clock.now()
        variants = [one for one in _open_variants(post) if one.planned_at is not None]
        if not variants:
            raise NoTimeSet(f"no open variant of post {post.pk} has a planned time")
        past = [one for one in variants if _is_newly_past(one, now)]
        if past:
            raise PastTime("a planned time has passed", variants=past)
        return _hand_over(post, variants, by=by, now=now, urgent=False)


def send_now(post: Post, *, by: Member) -> list[Delivery]:
    """Hand over every variant of `post` that has not gone out, ahead of what is waiting.

    Raises a CannotSchedule, and then nothing is changed.
    """
    with transaction.atomic():
        post = _locked(post)
        now = clock.now()
        variants = _open_variants(post)
        if not variants:
            raise NothingToSend(f"nothing of post {post.pk} is left to send")
        moment = planned(now.replace(microsecond=0), post.workspace.time_zone)
        for variant in variants:
            variant.planned_local = moment.local.isoformat()
            variant.planned_zone, variant.planned_fold = moment.zone, moment.fold
            variant.planned_at, variant.in_queue = now, False
        Variant.objects.bulk_update(
            variants,
            ["planned_local", "planned_zone", "planned_fold", "planned_at", "in_queue"],
        )
        return _hand_over(post, variants, by=by, now=now, urgent=True)


def refuse_unready(post: Post, variants: Sequence[Variant]) -> None:
    """Raise the CannotSchedule that says why `variants` of `post` cannot be sent as they are."""
    if post.deleted_at is not None:
        raise PostDeleted(f"post {post.pk} is deleted")
    refuse_unsendable(variants)
    if content.approval_has_ended(post):
        raise ApprovalEnded(f"the approval of post {post.pk} has ended")
    if not content.may_go_out(post):
        raise NotApproved(f"post {post.pk} is not approved as it is")
    found = content.findings_for(
        {one.channel: one.document for one in variants},
        workspace=post.workspace,
        except_post=post,
        planned={one.channel_id: one.planned_at for one in variants},
    )
    refuse_blocked(variants, found)


def refuse_unsendable(variants: Sequence[Variant]) -> None:
    """Raise NothingToSend or ChannelNotConnected when one of `variants` cannot go out."""
    empty = [one for one in variants if one.document.is_empty]
    if empty or not variants:
        raise NothingToSend("a variant says nothing", variants=empty)
    cut_off = [one for one in variants if one.channel.state != Channel.State.CONNECTED]
    if cut_off:
        raise ChannelNotConnected("a channel is not connected", variants=cut_off)


def refuse_blocked(variants: Sequence[Variant], found: Mapping[int, tuple[Finding, ...]]) -> None:
    """Raise HasBlockingFindings when one of the findings, by channel id, blocks."""
    blocked = [one for one in variants if blocks(found[one.channel_id])]
    if blocked:
        raise HasBlockingFindings(found, variants=blocked)


def refuse_ended_rights(post: Post, variants: Sequence[Variant]) -> None:
    """Raise RightsEnd when `variants` show what may no longer be shown at their planned times."""
    zone = ZoneInfo(post.workspace.time_zone)
    shown = {
        (one, asset, one.planned_at.astimezone(zone).date())
        for one in variants
        if one.planned_at is not None
        for asset in one.document.asset_ids()
    }
    ended = ended_assets((asset, day) for _, asset, day in shown)
    late = {one for one, asset, day in shown if (asset, day) in ended}
    if late:
        raise RightsEnd(f"post {post.pk}", variants=sorted(late, key=lambda one: one.pk))


def _locked(post: Post) -> Post:
    """Lock the post: an edit, an approval, a claim and another scheduler wait for us."""
    locked = (
        Post.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=post.pk)
    )
    if locked.deleted_at is not None:
        raise PostDeleted(f"post {post.pk} is deleted")
    return locked


def _open_variants(post: Post) -> list[Variant]:
    """Return the variants of which nothing is on its way or live, their deliveries locked."""
    deliveries = {
        one.variant_id: one
        for one in Delivery.objects.select_for_update(of=("self",)).filter(post=post).order_by("pk")
    }
    found = []
    for variant in post.variants.select_related("post", "channel", "workspace").order_by("pk"):
        delivery = deliveries.get(variant.pk)
        if delivery is None or (delivery.state in _FOLLOWS and not delivery.unproven_since):
            found.append(variant)
    return found


def _is_newly_past(variant: Variant, now: datetime) -> bool:
    """Say whether the time is past, unless it is one that was promised before and still waits."""
    if variant.planned_at is None or not lateness.is_past(variant.planned_at, now=now):
        return False
    waiting = Delivery.objects.filter(variant=variant, state=S.DUE, due_at=variant.planned_at)
    return not waiting.exists()


def _hand_over(
    post: Post, variants: list[Variant], *, by: Member, now: datetime, urgent: bool
) -> list[Delivery]:
    refuse_unready(post, variants)
    order_videos(post, insists=True)
    handed_over = [_due(variant, by=by, now=now, urgent=urgent) for variant in variants]
    tell_pages(handed_over)
    wake_dispatcher()
    note(
        post.workspace,
        by=by,
        action="post.sent_now" if urgent else "post.scheduled",
        subject=f"post:{post.pk}",
        detail={"times": {str(one.channel_id): one.due_at.isoformat() for one in handed_over}},
    )
    return handed_over


def _due(variant: Variant, *, by: Member, now: datetime, urgent: bool) -> Delivery:
    """Return the variant's delivery, made or moved so that it goes out at the planned time."""
    due_at = variant.planned_at or now
    found = Delivery.objects.filter(variant=variant).select_related("workspace").first()
    if found is None:
        made = new_delivery(variant, due_at=due_at, by=by, now=now, urgent=urgent)
        made.save(force_insert=True)
        return made
    if found.state == S.DUE and found.due_at == due_at and found.urgent == urgent:
        return found
    make_due(found, due_at=due_at, now=now)
    found.urgent = urgent
    found.scheduled_by, found.scheduled_at = by, now
    found.save()
    return found


def new_delivery(
    variant: Variant, *, due_at: datetime, by: Member, now: datetime, urgent: bool
) -> Delivery:
    """Return the delivery of a variant that has none, without saving it."""
    return Delivery(
        workspace_id=variant.workspace_id,
        variant=variant,
        post_id=variant.post_id,
        channel_id=variant.channel_id,
        due_at=due_at,
        ready_at=due_at,
        late_after=lateness.late_after(
            due_at, asked_at=now, within=variant.workspace.sends_late_within
        ),
        urgent=urgent,
        scheduled_by=by,
        scheduled_at=now,
    )


def make_due(delivery: Delivery, *, due_at: datetime, now: datetime) -> None:
    """Set the fields of a delivery that shall go out at `due_at`, without saving it.

    A frozen document stays when a part of it is live; else the newest words go out.
    """
    delivery.state = S.DUE
    delivery.due_at = due_at
    delivery.ready_at = due_at
    within = delivery.workspace.sends_late_within
    delivery.late_after = lateness.late_after(due_at, asked_at=now, within=within)
    delivery.tries = 0
    delivery.failure_code = delivery.failure_detail = ""
    delivery.needs_person = False
    delivery.worker = delivery.lease_until = delivery.look_at = None
    if not delivery.is_comment and not delivery.parts.filter(state=S.DELIVERED).exists():
        delivery.outgoing = None
