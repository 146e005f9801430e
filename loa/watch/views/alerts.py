"""What is wrong, what was, from where on, and who is told."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.ops import clock
from loa.watch import actions, queries, wording
from loa.watch.forms import RulesForm
from loa.watch.models import AlertRule, Destination
from loa.watch.rules.bars import Bar, Kind
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_watch")
def show_alerts(request: LoaRequest) -> HttpResponse:
    """Show open and past alerts, the rules and the destinations."""
    return alerts_page(request)


@require_POST
@requires("can_watch")
def change_rules(request: LoaRequest) -> HttpResponse:
    """Keep from where on to alert."""
    form = RulesForm(_bars(request), request.POST.dict())
    if not form.is_valid():
        return alerts_page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actions.change_rules(request.workspace, form.bars(), by=request.member)
    toasts.tell(request, _("Saved."))
    return redirect("watch:alerts", request.workspace.slug)


def alerts_page(
    request: LoaRequest, *, form: RulesForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Answer with the page of alerts."""
    workspace = request.workspace
    rules = form or RulesForm(_bars(request))
    alerts = queries.open_alerts(workspace).select_related("workspace")
    context = {
        "open": [(one, wording.shown(one)) for one in alerts],
        "past": [(one, wording.NAMES[Kind(one.kind)]) for one in queries.past_alerts(workspace)],
        "destinations": [
            (one, wording.failure(one.failure_code)) for one in queries.destinations(workspace)
        ],
        "kinds": Destination.Kind.choices,
        "form": rules,
        "rules": [
            (
                wording.NAMES[kind],
                rules[f"{kind}_on"],
                [
                    rules[name]
                    for name in (f"{kind}_limit", f"{kind}_least")
                    if name in rules.fields
                ],
            )
            for kind in Kind
        ],
        "now": clock.now(),
    }
    return render(request, "watch/alerts.html", context, status=status)


def _bars(request: LoaRequest) -> Mapping[Kind, Bar]:
    return queries.bars_of(AlertRule.objects.in_workspace(request.workspace))
