"""What the rail counts beside “Health”: what is wrong now."""

from typing import cast

from django.http import HttpRequest

from loa.watch import queries
from loa.web import places
from loa.workspace.access import LoaRequest


@places.counts("health")
def wrong_now(request: HttpRequest) -> int:
    """Return how many alerts of the workspace are open."""
    return queries.count_open(cast("LoaRequest", request).workspace)
