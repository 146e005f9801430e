"""Order renditions of videos, make them in the background, stop them, take them up again."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Q, QuerySet

from loa.library import filming, storage
from loa.library.actions.ended import tell_ended
from loa.library.models import Asset, Film, Rendition, RenditionOrder
from loa.library.queries.films import WATCH
from loa.library.rules.film import Plan
from loa.library.rules.videos import READERS
from loa.ops import clock, fence, jobs, live
from loa.ops.jobs import enqueue

S = RenditionOrder.State
# Nothing was heard of the work for so long: whoever did it is dead.
SILENT_FOR = timedelta(seconds=15)
# Nothing stands behind an order any more: it is handed out again.
FORGOTTEN_FOR = timedelta(minutes=2)
TOLD_EVERY_S = 1.0
# What an encoder made too large is made again with fewer bits, so often.
ROUNDS, FEWER = 3, 0.8


class TooHeavy(filming.CannotFilm):
    """Even with few bits it does not come down to what the platform takes."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An order in this worker's hands. token: while the row says so, it is ours."""

    order_id: int
    workspace_id: int
    asset_id: int
    token: int
    need: str
    plan: Plan
    storage_key: str
    demuxer: str


def order_rendition(
    asset: Asset, plan: Plan, *, need: str = "", insists: bool = False
) -> RenditionOrder:
    """Order the rendition of `plan`, unless it is ordered already.

    need: the name it is kept under, by default the plan's own. insists: begin anew what a
    person stopped, because it is to be sent.
    """
    now = clock.now()
    with transaction.atomic():
        order, is_new = RenditionOrder.objects.get_or_create(
            asset=asset,
            need=need or plan.need,
            defaults={
                "workspace_id": asset.workspace_id,
                "plan": plan.to_json(),
                "state": S.WAITING,
                "ordered_at": now,
                "worked_at": now,
            },
        )
        lost = order.state == S.MADE and not _is_there(order)
        if is_new:
            _hand_out(order)
        elif lost or (insists and order.state == S.CANCELLED):
            restart_order(order)
    return order


def _is_there(order: RenditionOrder) -> bool:
    made = Rendition.objects.filter(asset_id=order.asset_id, need=order.need).first()
    return made is not None and storage.exists(made.storage_key)


def restart_order(order: RenditionOrder) -> None:
    """Have an order that failed, was cancelled or lost its file made again."""
    with transaction.atomic():
        now = clock.now()
        restarted = RenditionOrder.objects.filter(
            Q(state__in=[S.FAILED, S.CANCELLED, S.MADE]), pk=order.pk
        ).update(state=S.WAITING, done_ms=0, failure_code="", ordered_at=now, worked_at=now)
        if restarted:
            order.state, order.done_ms, order.failure_code = S.WAITING, 0, ""
            if order.need == WATCH:
                Film.objects.filter(asset_id=order.asset_id).update(state=Film.State.CHECKING)
            _hand_out(order)
            _tell(order.workspace_id, order.asset_id)


def cancel_order(order: RenditionOrder) -> bool:
    """Stop an order that is not made yet; False when it was too late. Its worker hears of it."""
    with transaction.atomic():
        stopped = RenditionOrder.objects.filter(
            pk=order.pk, state__in=[S.WAITING, S.WORKING]
        ).update(state=S.CANCELLED)
        _tell(order.workspace_id, order.asset_id)
    return bool(stopped)


def resume_forgotten(*, now: datetime) -> int:
    """Hand out again what has nothing behind it any more; return how many orders."""
    forgotten = RenditionOrder.objects.filter(
        state__in=[S.WAITING, S.WORKING], worked_at__lt=now - FORGOTTEN_FOR
    ).order_by("pk")
    count = 0
    with transaction.atomic():
        for order in forgotten.select_for_update(skip_locked=True):
            RenditionOrder.objects.filter(pk=order.pk).update(worked_at=now - SILENT_FOR)
            _hand_out(order)
            count += 1
    return count


def make_rendition(*, order_id: int, workspace_id: int) -> None:
    """Make one ordered rendition. Running it twice is harmless: the claim admits one runner.

    No transaction is open while ffmpeg works.
    """
    with fence.inside(workspace_id):
        claim = _claim(order_id, now=clock.now())
    if claim is None:
        return
    try:
        with storage.on_disk(claim.storage_key) as source, tempfile.TemporaryFile() as target:
            plan, frames = _made(claim, source, target)
            _finish(claim, plan, target, frames=frames)
    except filming.Stopped:
        _put_back(claim)
    except (filming.CannotFilm, storage.FileMissing) as error:
        _fail(claim, error)
    except BaseException:
        _put_back(claim)
        raise


def _claim(order_id: int, *, now: datetime) -> Claim | None:
    """Take an order up; None when it is made, cancelled, or in somebody else's hands."""
    open_ = Q(state=S.WAITING) | Q(state=S.WORKING, worked_at__lte=now - SILENT_FOR)
    taken = RenditionOrder.objects.filter(open_, pk=order_id).update(
        state=S.WORKING, tries=F("tries") + 1, done_ms=0, worked_at=now
    )
    if not taken:
        return None
    order = RenditionOrder.objects.select_related("asset").get(pk=order_id)
    _tell(order.workspace_id, order.asset_id)
    return Claim(
        order_id=order.pk,
        workspace_id=order.workspace_id,
        asset_id=order.asset_id,
        token=order.tries,
        need=order.need,
        plan=Plan.from_json(order.plan),
        storage_key=order.asset.storage_key,
        demuxer=READERS[order.asset.mime_type],
    )


def _made(claim: Claim, source: BinaryIO, target: BinaryIO) -> tuple[Plan, int]:
    """Write the rendition into `target`; when it is too heavy, again with fewer bits."""
    plan = claim.plan
    for _round in range(ROUNDS):
        target.seek(0)
        target.truncate()
        frames = filming.make(
            source, target, demuxer=claim.demuxer, plan=plan, on_progress=_reporter(claim)
        )
        if target.seek(0, 2) <= plan.max_bytes:
            return plan, frames
        plan = plan.with_fewer_bits(FEWER)
    raise TooHeavy(f"{target.tell()} of {plan.max_bytes} bytes")


def _reporter(claim: Claim) -> Callable[[int], bool]:
    """Return what ffmpeg's progress is told to: it writes it down now and then.

    False, which stops the work, when this process is asked to stop or the order is not ours
    any more.
    """
    told_at = 0.0

    def report(done_ms: int) -> bool:
        nonlocal told_at
        if jobs.stopping.is_set():
            return False
        if clock.monotonic_s() - told_at < TOLD_EVERY_S:
            return True
        told_at = clock.monotonic_s()
        with fence.inside(claim.workspace_id):
            ours = _ours(claim).update(done_ms=done_ms, worked_at=clock.now())
            _tell(claim.workspace_id, claim.asset_id)
        return bool(ours)

    return report


def _finish(claim: Claim, plan: Plan, target: BinaryIO, *, frames: int) -> None:
    """Keep what was made: first the file, then the row that names it."""
    key = storage.keep_file(target, workspace_id=claim.workspace_id, mime_type=plan.mime_type)
    with fence.inside(claim.workspace_id):
        if not _ours(claim).update(state=S.MADE, done_ms=plan.duration_ms, worked_at=clock.now()):
            return
        Rendition.objects.update_or_create(
            asset_id=claim.asset_id,
            need=claim.need,
            workspace_id=claim.workspace_id,
            defaults={
                "mime_type": plan.mime_type,
                "size_bytes": target.seek(0, 2),
                "width_px": plan.width_px,
                "height_px": plan.height_px,
                "storage_key": key,
                "made_at": clock.now(),
            },
        )
        if claim.need == WATCH:
            state = Film.State.READY if frames else Film.State.BROKEN
            Film.objects.filter(asset_id=claim.asset_id).update(state=state)
        _tell(claim.workspace_id, claim.asset_id)
        tell_ended(claim.workspace_id)


def _fail(claim: Claim, error: Exception) -> None:
    code = "too_heavy" if isinstance(error, TooHeavy) else "broken"
    if isinstance(error, storage.FileMissing):
        code = "missing"
    with fence.inside(claim.workspace_id):
        failed = _ours(claim).update(state=S.FAILED, failure_code=code, worked_at=clock.now())
        if failed and claim.need == WATCH and code == "broken":
            Film.objects.filter(asset_id=claim.asset_id).update(state=Film.State.BROKEN)
        _tell(claim.workspace_id, claim.asset_id)
        tell_ended(claim.workspace_id)


def _put_back(claim: Claim) -> None:
    """Give an order back that was begun and not ended; a cancelled one stays cancelled."""
    with fence.inside(claim.workspace_id):
        if _ours(claim).update(state=S.WAITING, done_ms=0, worked_at=clock.now()):
            _hand_out(RenditionOrder.objects.get(pk=claim.order_id))
        _tell(claim.workspace_id, claim.asset_id)


def _ours(claim: Claim) -> QuerySet[RenditionOrder]:
    return RenditionOrder.objects.filter(pk=claim.order_id, state=S.WORKING, tries=claim.token)


def _hand_out(order: RenditionOrder) -> None:
    enqueue("library.make_rendition", order_id=order.pk, workspace_id=order.workspace_id)


def _tell(workspace_id: int, asset_id: int) -> None:
    live.announce(workspace_id=workspace_id, topic="asset", subject_id=asset_id)
