"""Follow a tracked link: look up where it leads, count, send on. Nothing of the visitor is kept.

Served before sessions, cookies and everything else that pages need; the middleware of the site
calls it for the hosts and addresses of tracked links, and for nothing else.
"""

import re
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import translation

from loa.content.rules.outgoing import ALPHABET
from loa.measure.actions.clicks import count_click
from loa.measure.queries.leads import Lead, lead_of
from loa.measure.rules.robots import is_robot
from loa.ops import clock

CODE = re.compile(rf"[{ALPHABET}]{{6,16}}")
# The page somebody lands on learns which site they came from, as without us, and no more.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def follow_link(request: HttpRequest, code: str, *, workspace_id: int | None) -> HttpResponse:
    """Send a visitor on to where the link leads. workspace_id: only a link of this workspace.

    302 and never 301: a browser remembers a 301 and would not come by again, so that the next
    click went uncounted.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"], headers=HEADERS)
    lead = lead_of(code.lower()) if CODE.fullmatch(code.lower()) else None
    if lead is None or workspace_id not in {None, lead.workspace_id}:
        return _nothing_here(request)
    if request.method == "GET":
        _count(request, lead)
    return HttpResponse(status=HTTPStatus.FOUND, headers={**HEADERS, "Location": lead.target})


def _count(request: HttpRequest, lead: Lead) -> None:
    headers = request.headers
    count_click(
        lead.link_id,
        workspace_id=lead.workspace_id,
        on=clock.now().astimezone(lead.zone).date(),
        visitor=f"{_address(request)} {headers.get('User-Agent', '')}",
        robot=is_robot(headers),
    )


def _address(request: HttpRequest) -> str:
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _nothing_here(request: HttpRequest) -> HttpResponse:
    language = translation.get_language_from_request(request)
    with translation.override(language):
        page = render_to_string("measure/no_such_link.html", {"language": language})
    return HttpResponse(
        page,
        status=HTTPStatus.NOT_FOUND,
        headers={
            **HEADERS,
            "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'",
            "Content-Language": language,
            "Vary": "Accept-Language",
        },
    )
