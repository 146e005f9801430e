"""What is left of a channel's quotas, and until when it waits for them."""

from dataclasses import dataclass
from datetime import datetime

from loa.channels.models import Channel
from loa.connectors.quotas import Quota, Scope, quotas_of
from loa.connectors.registry import all_connectors
from loa.publish.models import ChannelTurn, Delivery, QuotaUse
from loa.publish.rules import quotas
from loa.publish.rules.quotas import Use


@dataclass(frozen=True, slots=True)
class QuotaShown:
    """One quota of a channel. used: in the window that ends now; None where we do not see it."""

    quota: Quota
    allowed: int
    used: int | None
    spreads: bool = False


def quotas_shown(channel: Channel, *, now: datetime) -> list[QuotaShown]:
    """Return the quotas of `channel` with what was used of each lately.

    What all channels of an instance share is not shown: others' use is none of ours to see.
    """
    connector = all_connectors().get(channel.platform)
    declared = quotas_of(connector.quotas, channel.facts) if connector else ()
    rows = QuotaUse.objects.in_workspace(channel.workspace).filter(channel=channel)
    kept = {row.key: row for row in rows}
    shown = []
    for quota in declared:
        if quota.scope is not Scope.CHANNEL:
            shown.append(QuotaShown(quota, quota.allowed, None))
            continue
        row = kept.get(f"channel:{channel.pk} {quota.name}")
        use = Use(row.newest, tuple(row.slices), allowed=row.allowed) if row else Use()
        most = quotas.allowed(quota, use)
        used = most - quotas.left(quota, use, now=now)
        shown.append(QuotaShown(quota, most, used, spreads=bool(row and row.spreads)))
    return shown


def waits_until(delivery: Delivery, *, now: datetime) -> datetime | None:
    """Return until when a due delivery waits for its channel's turn; None when it need not."""
    turn = ChannelTurn.objects.filter(channel=delivery.channel_id).first()
    if turn is None:
        return None
    at = turn.urgent_from if delivery.urgent else turn.bulk_from
    return at if at is not None and at > now else None
