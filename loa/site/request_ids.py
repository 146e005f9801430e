"""Give every request an id, in the answer and on every line logged; and time it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from loa.ops import clock, log_ids, timings

HEADER = "X-Request-ID"
REQUESTS = "http_requests"
# Anybody can invent a method; a monitor keeps a series of each.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestIdMiddleware:
    """Stands first, so that whatever goes wrong behind it can be found again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under an id; a proxy's own is believed only where a proxy is expected."""
        given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        name = log_ids.request_id(given)
        began = clock.monotonic_s()
        with log_ids.about(request_id=name):
            response = self.get_response(request)
        response.headers[HEADER] = name
        method = request.method if request.method in METHODS else "other"
        labels = (method or "other", f"{response.status_code // 100}xx")
        timings.observe(REQUESTS, labels, clock.monotonic_s() - began)
        return response
