"""Give every request an id: in the answer, and on every line logged meanwhile."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from loa.ops import log_ids

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Stands first, so that whatever goes wrong behind it can be found again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under an id; a proxy's own is believed only where a proxy is expected."""
        given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        name = log_ids.request_id(given)
        with log_ids.about(request_id=name):
            response = self.get_response(request)
        response.headers[HEADER] = name
        return response
