"""Open grants, renew them once for everybody, and notice when one is gone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import Q

from loa.channels.actions.sunsets import note_sunsets
from loa.channels.models import Channel, Grant
from loa.channels.rules.health import must_renew
from loa.connectors import transport
from loa.connectors.contract import Answer, ChannelRef, Connector, Flow, Request
from loa.connectors.errors import ChannelLost, GrantExpired
from loa.connectors.registry import connector
from loa.connectors.sunsets import Sunset, sooner, told
from loa.ops import clock, fence, live
from loa.workspace.actions import open_for, record_audit, seal_for

TABLE = "channels_grant"


def open_grant(channel: Channel) -> ChannelRef:
    """Return `channel` with its opened grant, renewed first when it is about to end.

    Raises ChannelLost when there is no grant, or the platform refuses to renew it.
    """
    grant = channel.grant
    if grant is None or not grant.sealed_secret:
        raise _missing(channel)
    platform = connector(channel.platform)
    if platform.renew and must_renew(expires_at=grant.expires_at, now=clock.now()):
        grant = renew_grant(channel)
    return channel.ref(_opened(grant))


def opens_at_once(channel: Channel) -> bool:
    """Say whether there is a grant that opens as it is, without asking the platform."""
    grant = channel.grant
    if grant is None or not grant.sealed_secret:
        return False
    renews = connector(channel.platform).renew is not None
    return not (renews and must_renew(expires_at=grant.expires_at, now=clock.now()))


def drive_channel[T](
    channel: Channel, make_flow: Callable[[ChannelRef], Flow[T]], *, budget_s: float | None = None
) -> T:
    """Drive a flow on `channel` that publishes nothing; renew an expired grant once.

    Marks the channel lost, and raises ChannelLost, when the platform took the grant back.
    """
    announced: Sunset | None = None

    def hear(request: Request, answer: Answer) -> None:
        nonlocal announced
        announced = sooner(announced, told(request, answer))

    def drive(ref: ChannelRef) -> T:
        return transport.drive(
            make_flow(ref), platform=channel.platform, on_answer=hear, budget_s=budget_s
        )

    try:
        try:
            return drive(open_grant(channel))
        except GrantExpired:
            return drive(channel.ref(_opened(renew_grant(channel))))
        except ChannelLost:
            # What was refused may be a grant that is no longer ours: somebody connected anew.
            if not _has_other_grant(channel):
                raise
            return drive(open_grant(channel))
    except ChannelLost as lost:
        mark_lost(channel, code=lost.code, detail=lost.detail)
        raise
    finally:
        if announced is not None:
            note_sunsets({channel.pk: announced})


def renew_grant(channel: Channel) -> Grant:
    """Renew the grant of `channel`, once however many ask at the same time.

    The row is locked while the platform is asked; whoever waited for the lock, or asked with
    an older generation than is kept, finds a newer one and uses it. So does who held the grant
    from before somebody connected anew. The new secret is committed before anybody uses it, on
    a connection of its own, because the old one ended with the call. Raises ChannelLost.
    """
    grant = channel.grant
    if grant is None:
        raise _missing(channel)
    if connection.in_atomic_block:
        with ThreadPoolExecutor(max_workers=1) as aside:
            aside.submit(_renew_and_close, channel, grant).result()
    else:
        _renew(channel, grant)
    channel.refresh_from_db(fields=["grant"])
    if channel.grant is None:
        raise _missing(channel)
    return channel.grant


def mark_lost(channel: Channel, *, code: str, detail: str) -> None:
    """Note that the platform took the grant back; the channel's queue waits for a person.

    Not where another grant stands meanwhile: what was refused is not the one that is kept.
    """
    with transaction.atomic():
        changed = Channel.objects.filter(
            Q(grant_id=channel.grant_id),  # a Q, for no grant at all is a case, too
            pk=channel.pk,
            state=Channel.State.CONNECTED,
        ).update(state=Channel.State.LOST, state_code=code, state_at=clock.now())
        if changed:
            record_audit(
                channel.workspace,
                member=None,
                action="channel.lost",
                subject=f"channel:{channel.pk}",
                detail={"code": code, "detail": detail[:200]},
            )
            live.announce(workspace_id=channel.workspace_id, topic="channel", subject_id=channel.pk)
    channel.refresh_from_db(fields=["state", "state_code", "state_at"])


def keep_secret(grant: Grant, secret: dict[str, str]) -> None:
    """Seal `secret` into `grant`; empty values never replace a kept refresh token."""
    if grant.sealed_secret:
        kept = _opened(grant)
        secret = kept | {name: value for name, value in secret.items() if value}
    grant.sealed_secret = seal_for(grant.workspace, secret, table=TABLE, row=grant.pk)


def _opened(grant: Grant) -> dict[str, str]:
    return open_for(grant.workspace, grant.sealed_secret, table=TABLE, row=grant.pk)


def _missing(channel: Channel) -> ChannelLost:
    return ChannelLost("no grant is kept", platform=channel.platform, code="grant.missing")


def _has_other_grant(channel: Channel) -> bool:
    """Read the channel's grant again, and say whether it is another than was used."""
    used = channel.grant
    channel.refresh_from_db(fields=["grant"])
    kept = channel.grant
    return kept is not None and (used is None or _version(kept) != _version(used))


def _version(grant: Grant) -> tuple[int, int]:
    return (grant.pk, grant.generation)


def _renew_and_close(channel: Channel, used: Grant) -> None:
    try:
        _renew(channel, used)
    finally:
        connection.close()


def _renew(channel: Channel, used: Grant) -> None:
    with fence.inside(channel.workspace_id):
        grant = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("workspace")
            .filter(pk=used.pk)
            .first()
        )
        if grant is None or grant.generation != used.generation:
            return  # somebody connected anew, or renewed it before us
        _ask_for_renewal(connector(channel.platform), channel, grant)


def _ask_for_renewal(platform: Connector, channel: Channel, grant: Grant) -> None:
    if platform.renew is None:
        raise ChannelLost(
            "this grant cannot be renewed", platform=platform.name, code="grant.expired"
        )
    renewed = transport.drive(
        platform.renew(channel.ref(_opened(grant))), platform=platform.name, budget_s=30
    )
    keep_secret(grant, dict(renewed.secret))
    grant.expires_at = renewed.grant_expires_at
    grant.generation += 1
    grant.renewed_at = clock.now()
    grant.save(update_fields=["sealed_secret", "expires_at", "generation", "renewed_at"])
