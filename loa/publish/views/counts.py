"""What the rail counts beside “Deliveries”: those on which somebody must decide."""

from typing import cast

from django.http import HttpRequest

from loa.publish import queries
from loa.web import places
from loa.workspace.access import LoaRequest


@places.counts("deliveries")
def needing_a_person(request: HttpRequest) -> int:
    """Return on how many deliveries of the workspace somebody must decide."""
    return queries.count_needing_a_person(cast("LoaRequest", request).workspace)
