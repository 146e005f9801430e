"""How much of its fullest quota each channel used, for a list of channels in one query."""

from collections.abc import Iterable
from datetime import datetime

from loa.channels.models import Channel
from loa.connectors.quotas import Scope, quotas_of
from loa.connectors.registry import all_connectors
from loa.publish.models import QuotaUse
from loa.publish.rules import quotas
from loa.publish.rules.quotas import Use
from loa.workspace.models import Workspace


def fullest_quotas(
    workspace: Workspace, channels: Iterable[Channel], *, now: datetime
) -> dict[int, float]:
    """Return the used share, 0 to 1, of the quota that each channel used most of.

    A channel whose platform declares no quota of its own is left out: there is nothing to know.
    """
    rows = {row.key: row for row in QuotaUse.objects.in_workspace(workspace)}
    connectors = all_connectors()
    found: dict[int, float] = {}
    for channel in channels:
        connector = connectors.get(channel.platform)
        for quota in quotas_of(connector.quotas, channel.facts) if connector else ():
            if quota.scope is not Scope.CHANNEL:
                continue
            row = rows.get(f"channel:{channel.pk} {quota.name}")
            use = Use(row.newest, tuple(row.slices), allowed=row.allowed) if row else Use()
            most = quotas.allowed(quota, use)
            used = (most - quotas.left(quota, use, now=now)) / most if most else 1.0
            found[channel.pk] = max(used, found.get(channel.pk, 0.0))
    return found
