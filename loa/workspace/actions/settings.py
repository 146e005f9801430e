"""Change what a workspace is called and how it counts."""

from loa.kernel.text import normalise
from loa.ops import fence
from loa.workspace.actions.audit import record_audit
from loa.workspace.actions.founding import check_currency, check_time_zone
from loa.workspace.actions.people import check_language
from loa.workspace.models import Member, Workspace


def change_workspace(
    workspace: Workspace, *, by: Member, name: str, time_zone: str, language: str, currency: str
) -> Workspace:
    """Keep the given settings; what is planned keeps the time zone it was planned in.

    Raises UnknownTimeZone, UnknownLanguage, UnknownCurrency. Returns the workspace afresh.
    """
    check_time_zone(time_zone)
    check_language(language)
    check_currency(currency)
    wanted = {
        "name": normalise(name).strip(),
        "time_zone": time_zone,
        "language": language,
        "currency": currency,
    }
    with fence.inside(workspace.pk):
        row = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        changed = {key: value for key, value in wanted.items() if getattr(row, key) != value}
        if not changed:
            return row
        for key, value in changed.items():
            setattr(row, key, value)
        row.save(update_fields=list(changed))
        record_audit(
            row,
            member=by,
            action="workspace.changed",
            subject=f"workspace:{row.pk}",
            detail={"to": dict(changed)},
        )
    return row
