"""What the rail counts beside “Health”: what is wrong now."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest

from loa.watch import queries
from loa.watch.models import Alert
from loa.web import places
from loa.workspace.access import LoaRequest


@places.counts("health")
def wrong_now(request: HttpRequest) -> QuerySet[Alert]:
    """Return the open alerts of the workspace."""
    return queries.open_alerts(cast("LoaRequest", request).workspace)
