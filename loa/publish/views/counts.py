"""What the rail counts beside “Deliveries”: those on which somebody must decide."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest

from loa.publish import queries
from loa.publish.models import Delivery
from loa.web import places
from loa.workspace.access import LoaRequest


@places.counts("deliveries")
def needing_a_person(request: HttpRequest) -> QuerySet[Delivery]:
    """Return the deliveries of the workspace on which somebody must decide."""
    return queries.needing_a_person(cast("LoaRequest", request).workspace)
