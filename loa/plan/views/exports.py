"""The days on the screen, taken along: as CSV, Excel, iCalendar, or a month on a page of PDF."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path

from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loa.ops import clock, printing, sheets
from loa.plan import queries
from loa.plan.forms import PageAsked, read_page
from loa.plan.queries.cards import Group
from loa.plan.queries.exports import Exported, exported, groups_in
from loa.plan.queries.feeds import stamped
from loa.plan.rules import days
from loa.plan.rules.days import View, Window, window
from loa.plan.views.feeds import as_ical
from loa.plan.wording import exports as wording
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires
from loa.workspace.actions import record_audit

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
    "pdf": "application/pdf",
}
LONG = frozenset({3, 4, 7})  # caption, parts, first comment
SHEET = files("loa.plan.rules") / "month_sheet.typ"


@require_GET
@requires("can_view")
def export_plan(request: LoaRequest) -> HttpResponseBase:
    """Send what the page shows, with its filters, and note who took it along."""
    kind = request.GET.get("as", "")
    if kind not in TYPES:
        raise Http404
    now = clock.now()
    today = days.today(now, request.workspace.time_zone)
    page = read_page(request.GET, today=today)
    shown = window(View.MONTH if kind == "pdf" else page.view, page.on)
    groups = groups_in(request.workspace, window=shown, filters=page.filters, now=now)
    try:
        response = _file(request, kind, page, shown, groups)
    except printing.NotPrinted:
        toasts.warn(request, _("The sheet could not be made. Try again, or take the table."))
        address = reverse("plan:calendar", args=[request.workspace.slug])
        return redirect(f"{address}?{page.address()}")
    name = f"loa-{request.workspace.slug}-{shown.first}-{shown.last}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    record_audit(
        request.workspace,
        member=request.member,
        action="calendar.exported",
        detail={
            "as": kind,
            "first": shown.first.isoformat(),
            "last": shown.last.isoformat(),
            "count": len(groups),
        },
    )
    return response


def _file(
    request: LoaRequest, kind: str, page: PageAsked, shown: Window, groups: list[Group]
) -> HttpResponseBase:
    match kind:
        case "csv":
            lines = sheets.csv_lines(_table(request, groups), separator=_separator())
            return StreamingHttpResponse(lines, content_type=TYPES[kind])
        case "xlsx":
            widths = ["long" if place in LONG else "short" for place in range(10)]
            book = sheets.workbook(_table(request, groups), title=_("Calendar"), widths=widths)
            return FileResponse(book, content_type=TYPES[kind])
        case "ics":
            cards = [one.card for one in _with_openings(request, groups)]
            text = as_ical(
                request.workspace, stamped(request.workspace, cards), name=request.workspace.name
            )
            return HttpResponse(text, content_type=TYPES[kind])
    return HttpResponse(_sheet(request, page, shown, groups), content_type=TYPES[kind])


def _table(request: LoaRequest, groups: list[Group]) -> Iterator[list[str]]:
    """Yield header and lines in the reader's language, also after the page was left."""
    language = translation.get_language()
    lines = exported(request.workspace, groups, now=clock.now())

    def worded(one: Exported) -> list[str]:
        with translation.override(language):
            return wording.line(one)

    return chain([wording.columns()], map(worded, lines))


def _with_openings(request: LoaRequest, groups: list[Group]) -> Iterator[Exported]:
    for one in exported(request.workspace, groups, now=clock.now()):
        one.card.opening = one.document.opening or one.title
        yield one


def _sheet(request: LoaRequest, page: PageAsked, shown: Window, groups: list[Group]) -> bytes:
    zone = request.workspace.time_zone
    held = wording.by_day(groups, zone=zone)
    fitting = [group for one in held.values() for group in one[: wording.room_in(shown, one)]]
    now = clock.now()
    data = wording.month_sheet(
        request.workspace,
        window=shown,
        held=held,
        shown=exported(request.workspace, fitting, now=now),
        note=_filters(request, page),
        now=now,
    )
    return printing.to_pdf(Path(str(SHEET)), data)


def _filters(request: LoaRequest, page: PageAsked) -> str:
    """Return which channels and campaigns the sheet is about; "" for everything."""
    if not page.filters:
        return ""
    weeks = queries.channel_weeks(request.workspace, page.filters.channel_ids)
    names = [week.channel.name for week in weeks] if page.filters.channel_ids else []
    return ", ".join(names) or _("Filtered")


def _separator() -> str:
    """Return what spreadsheets of the reader's language expect between columns."""
    return ";" if (translation.get_language() or "").startswith("vi") else ","
