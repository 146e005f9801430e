"""Files to take along: the template, and the rows that need mending."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loa.content.rules.findings import Finding
from loa.intake import queries, wording
from loa.intake.actions.corrected import corrected_rows
from loa.intake.rules.columns import HEADERS, LONG, Column
from loa.intake.rules.template import example_rows
from loa.intake.views.imports import find_import
from loa.ops import clock, sheets
from loa.workspace.access import LoaRequest, requires

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
@requires("can_compose")
def download_template(request: LoaRequest) -> HttpResponseBase:
    """Send a file with the columns and two examples, in the kind and language asked for."""
    kind = XLSX if request.GET.get("kind") == XLSX else CSV
    asked = request.GET.get("language", "")
    language = asked if asked in HEADERS else wording.language()
    columns = [column for column in Column if column != Column.FINDINGS]
    channel = next(iter(queries.names_in(request.workspace).channels.values()), None)
    examples = example_rows(
        language, today=clock.now().date(), channel=channel.name if channel else ""
    )
    rows = [[HEADERS[language][column] for column in columns], *examples]
    separator = ";" if language == "vi" else ","
    return _file(rows, columns, kind=kind, name=f"loa-{language}.{kind}", separator=separator)


@require_GET
@requires("can_compose")
def download_corrected(request: LoaRequest, import_id: int) -> HttpResponseBase:
    """Send the rows that did not become posts, in the format they came in, with what to mend."""
    of = find_import(request, import_id)
    left = queries.left_over(of)
    if not of.header or not left.exists():
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    language = translation.get_language()

    def sentences(findings: tuple[Finding, ...]) -> str:
        # The file is written after the page's language was put away.
        with translation.override(language):
            return wording.sentences(findings)

    rows = corrected_rows(of, left, heading=wording.header(Column.FINDINGS), sentences=sentences)
    columns = [Column(one) if one else None for one in of.columns if one != Column.FINDINGS]
    kind = CSV if of.separator else XLSX
    stem = of.filename.rpartition(".")[0] or of.filename
    name = _("%(name)s – to mend") % {"name": stem}
    return _file(
        rows,
        [*columns, Column.FINDINGS],
        kind=kind,
        name=f"{name}.{kind}",
        separator=of.separator or ",",
    )


def _file(
    rows: Iterable[Sequence[str]],
    columns: Sequence[Column | None],
    *,
    kind: str,
    name: str,
    separator: str,
) -> HttpResponseBase:
    response: HttpResponseBase
    if kind == CSV:
        lines = sheets.csv_lines(rows, separator=separator)
        response = StreamingHttpResponse(lines, content_type=TYPES[CSV])
    else:
        widths = ["long" if column in LONG else "short" for column in columns]
        book = sheets.workbook(rows, title=_("Posts"), widths=widths)
        response = FileResponse(book, content_type=TYPES[XLSX])
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "no-store"
    return response


def disposition(name: str) -> str:
    """Return the header that has a file kept under `name`."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
