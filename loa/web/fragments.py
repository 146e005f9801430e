"""Answers to htmx: the partials a view changed, and the toasts that go with them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def render_parts(
    request: HttpRequest,
    *templates: str,
    context: Mapping[str, Any] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render each template ("plan/calendar.html#moved") one after the other, then the toasts.

    409 and 422 are swapped like 200. A redirect in answer to htmx is a navigation, so a view
    that wants a whole page returns an ordinary redirect.
    """
    values = dict(context or {})
    parts = [render_to_string(name, values, request) for name in templates]
    parts.append(render_to_string("components/toast.html#arriving", {}, request))
    response = HttpResponse("".join(parts), status=status)
    response.headers["Vary"] = "HX-Request"
    return response
