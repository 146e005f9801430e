"""Move planned times, by hand or because a zone's rules changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from loa.content.models import Post, Variant
from loa.content.rules.planned_time import PlannedTime
from loa.ops import clock, live
from loa.publish.actions.cancelling import AlreadyDelivered, AlreadySending, MayBeLive
from loa.publish.actions.scheduling import PastTime, make_due, refuse_ended_rights
from loa.publish.actions.telling import note, tell_pages, wake_dispatcher
from loa.publish.models import Delivery
from loa.publish.rules import lateness
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member, Workspace

MOST_NAMED = 100


def reschedule_variants(
    post: Post, *, times: Mapping[int, PlannedTime], in_queue: bool = False, by: Member
) -> list[Variant]:
    """Give variants of `post` (by id) new planned times; what was scheduled moves along.

    A variant that was not scheduled only gets the time. A missed or failed delivery becomes
    due again at the new time; a cancelled one stays cancelled. in_queue: the times come from
    the channel's slots.

    Raises PastTime, RightsEnd, AlreadySending, AlreadyDelivered or MayBeLive, and then nothing
    is changed.
    """
    now = clock.now()
    with transaction.atomic():
        locked = (
            Post.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=post.pk)
        )
        variants = list(
            post.variants.filter(pk__in=times).select_related("post", "channel").order_by("pk")
        )
        deliveries = _locked_deliveries(variants)
        past = []
        for variant in variants:
            at = _plan_anew(variant, times[variant.pk], in_queue=in_queue)
            if lateness.is_past(at, now=now):
                past.append(variant)
        if past:
            raise PastTime("a planned time has passed", variants=past)
        moved = []
        for variant in variants:
            delivery = deliveries.get(variant.pk)
            if delivery is not None and delivery.state != S.CANCELLED:
                _refuse_if_gone(delivery)
                make_due(delivery, due_at=variant.planned_at or now, now=now)
                delivery.urgent = False
                delivery.scheduled_by, delivery.scheduled_at = by, now
                delivery.save()
                moved.append(delivery)
        going = {one.variant_id for one in moved}
        refuse_ended_rights(locked, [one for one in variants if one.pk in going])
        Variant.objects.bulk_update(variants, PLANNED_FIELDS)
        tell_pages(moved)
        wake_dispatcher()
        note(
            locked.workspace,
            by=by,
            action="post.rescheduled",
            subject=f"post:{post.pk}",
            detail={"times": {str(one.channel_id): one.planned_local for one in variants}},
        )
    return variants


PLANNED_FIELDS = (
    "planned_local",
    "planned_zone",
    "planned_fold",
    "planned_at",
    "in_queue",
    "zone_moved_at",
)


def _plan_anew(variant: Variant, time: PlannedTime, *, in_queue: bool) -> datetime:
    """Give a variant a time, without saving it, and return the instant."""
    variant.planned_local = time.local.isoformat(timespec="seconds")
    variant.planned_zone, variant.planned_fold = time.zone, time.fold
    instant = time.instant()
    variant.planned_at, variant.in_queue = instant, in_queue
    variant.zone_moved_at = None
    return instant


def follow_zone_rules(workspace: Workspace, *, version: str) -> list[Variant]:
    """Bring what `workspace` plans in line with the zones as they are in `version`.

    Twice is harmless: what is right already does not move. Returns the variants that moved.
    """
    with transaction.atomic():
        planned = Variant.objects.in_workspace(workspace).filter(planned_at__gt=clock.now())
        moved = rematerialise_times(
            planned.select_related("post").order_by("pk").iterator(chunk_size=500)
        )
        locked = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        if locked.zone_rules != version:
            locked.zone_rules = version
            locked.save(update_fields=["zone_rules"])
        if moved:
            live.announce_all({(one.workspace_id, one.post_id) for one in moved}, topic="post")
            note(
                locked,
                by=None,
                action="post.zone_rules_changed",
                subject=f"workspace:{locked.pk}",
                detail={
                    "version": version,
                    "posts": [*sorted({one.post_id for one in moved})[:MOST_NAMED]],
                    "moved": len(moved),
                },
            )
    return moved


def rematerialise_times(variants: Iterable[Variant]) -> list[Variant]:
    """Compute the instants of planned times anew, as the zone rules are now.

    Nine in the morning stays nine in the morning when a country changes its clocks. Returns
    the variants that moved; those on their way or live keep the time at which they went.
    """
    moved, due = [], []
    with transaction.atomic():
        for variant in variants:
            planned = variant.planned
            if planned is None or planned.instant() == variant.planned_at:
                continue
            delivery = _locked_deliveries([variant]).get(variant.pk)
            if delivery is not None and delivery.state not in {S.DUE, S.CANCELLED}:
                continue
            variant.planned_at, variant.zone_moved_at = planned.instant(), clock.now()
            variant.save(update_fields=["planned_at", "zone_moved_at"])
            moved.append(variant)
            if delivery is not None and delivery.state == S.DUE and not delivery.unproven_since:
                delivery.due_at = delivery.ready_at = variant.planned_at
                delivery.late_after = lateness.late_after(
                    variant.planned_at,
                    asked_at=delivery.scheduled_at,
                    within=delivery.workspace.sends_late_within,
                )
                delivery.save(update_fields=["due_at", "ready_at", "late_after"])
                due.append(delivery)
        tell_pages(due)
        wake_dispatcher()
    return moved


def _locked_deliveries(variants: list[Variant]) -> dict[int, Delivery]:
    rows = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(variant__in=variants)
        .select_related("workspace")
        .order_by("pk")
    )
    return {one.variant_id: one for one in rows if one.variant_id is not None}


def _refuse_if_gone(delivery: Delivery) -> None:
    if delivery.state == S.SENDING:
        raise AlreadySending(delivery)
    if delivery.state == S.DELIVERED:
        raise AlreadyDelivered(delivery)
    if delivery.state == S.UNCERTAIN or delivery.unproven_since is not None:
        raise MayBeLive(delivery)
