"""Change from where on a workspace wants to hear of what."""

from collections.abc import Mapping

from loa.ops import clock, fence
from loa.watch.models import Alert, AlertRule, Notice
from loa.watch.queries import bars_of
from loa.watch.rules.bars import Bar, Kind
from loa.workspace.actions import record_audit
from loa.workspace.models import Member, Workspace


def change_rules(workspace: Workspace, wanted: Mapping[Kind, Bar], *, by: Member) -> list[Kind]:
    """Keep the bars that differ from those in force; return their kinds.

    What is switched off ends without a word: nothing got better, nobody wants to hear of it.
    """
    with fence.inside(workspace.pk):
        present = bars_of(AlertRule.objects.in_workspace(workspace).select_for_update())
        changed = [kind for kind, bar in wanted.items() if present[kind] != bar]
        for kind in changed:
            bar = wanted[kind]
            AlertRule.objects.update_or_create(
                workspace=workspace,
                kind=kind.value,
                defaults={"is_on": bar.is_on, "limit": bar.limit, "least": bar.least},
            )
        silenced = [kind.value for kind in changed if not wanted[kind].is_on]
        ended = Alert.objects.in_workspace(workspace).filter(kind__in=silenced, over_at=None)
        Notice.objects.in_workspace(workspace).filter(
            alert__in=ended.values("pk"), sent_at=None
        ).delete()
        ended.update(over_at=clock.now())
        if changed:
            record_audit(
                workspace,
                member=by,
                action="alerts.changed",
                detail={"kinds": [kind.value for kind in changed]},
            )
        return changed
