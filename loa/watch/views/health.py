"""How the workspace and its machine stand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loa.ops import clock
from loa.watch import queries, wording
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_watch")
def show_health(request: LoaRequest) -> HttpResponse:
    """Show how late, how often wrong, what waits, and what it stands on."""
    now = clock.now()
    alerts = queries.open_alerts(request.workspace).select_related("workspace")
    context = {
        "health": queries.health(request.workspace, now=now),
        "alerts": [wording.shown(one) for one in alerts],
        "now": now,
    }
    return render(request, "watch/health.html", context)
