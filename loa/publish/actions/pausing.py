"""Stop the sending of a whole workspace or of one channel, and let it go on."""

from django.db import transaction

from loa.channels.models import Channel
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.publish.actions.telling import note, wake_dispatcher
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Member, Workspace
from loa.workspace.rules.permissions import Ability


class MayNotPause(LoaError):
    """This member may not stop the sending, nor let it go on."""


def pause_all(workspace: Workspace, *, by: Member) -> int:
    """Stop everything of `workspace` that is not yet on its way; nothing is lost.

    Once this returns, no further post is written to a platform. Returns how many were on
    their way at that moment. Pausing twice keeps the first time and name.
    """
    _demand(by)
    with transaction.atomic():
        # Waits for markers that are being committed: they share a lock on this row.
        locked = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        if locked.sending_paused_at is None:
            locked.sending_paused_at, locked.sending_paused_by = clock.now(), by
            locked.save(update_fields=["sending_paused_at", "sending_paused_by"])
            note(locked, by=by, action="sending.paused", subject=f"workspace:{locked.pk}")
        workspace.sending_paused_at = locked.sending_paused_at
        workspace.sending_paused_by = locked.sending_paused_by
        return Delivery.all_work.in_workspace(workspace).filter(state=S.SENDING).count()


def resume_all(workspace: Workspace, *, by: Member) -> None:
    """Let `workspace` send again. What fell due in the meantime follows the rule for late posts."""
    _demand(by)
    with transaction.atomic():
        locked = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        if locked.sending_paused_at is not None:
            locked.sending_paused_at = locked.sending_paused_by = None
            locked.save(update_fields=["sending_paused_at", "sending_paused_by"])
            wake_dispatcher()
            note(locked, by=by, action="sending.resumed", subject=f"workspace:{locked.pk}")
        workspace.sending_paused_at = workspace.sending_paused_by = None


def pause_channel(channel: Channel, *, by: Member) -> None:
    """Stop what waits on `channel`; its deliveries stay due."""
    _demand(by)
    with transaction.atomic():
        locked = Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)
        if locked.paused_at is None:
            locked.paused_at, locked.paused_by = clock.now(), by
            locked.save(update_fields=["paused_at", "paused_by"])
            _note(locked, by=by, action="channel.paused")
        channel.paused_at, channel.paused_by = locked.paused_at, locked.paused_by


def resume_channel(channel: Channel, *, by: Member) -> None:
    """Let `channel` send again."""
    _demand(by)
    with transaction.atomic():
        locked = Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)
        if locked.paused_at is not None:
            locked.paused_at = locked.paused_by = None
            locked.save(update_fields=["paused_at", "paused_by"])
            wake_dispatcher()
            _note(locked, by=by, action="channel.resumed")
        channel.paused_at = channel.paused_by = None


def _demand(by: Member) -> None:
    if not by.may(Ability.PAUSE):
        raise MayNotPause(f"member {by.pk}")


def _note(channel: Channel, *, by: Member, action: str) -> None:
    note(channel.workspace, by=by, action=action, subject=f"channel:{channel.pk}")
