"""Imports: upload a file, look its rows over, bring them in, take them back."""

from http import HTTPStatus
from typing import Any, BinaryIO, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.intake import actions, queries, wording
from loa.intake.models import Import
from loa.intake.rules.columns import Column
from loa.intake.rules.stored import findings_from_json
from loa.ops.sheets import ENCODINGS, SEPARATORS
from loa.web import toasts, uploads
from loa.workspace.access import LoaRequest, requires

PER_PAGE = 50
MOST_IMPORTS = 50
State = Import.State


@require_GET
@requires("can_compose")
def show_imports(request: LoaRequest) -> HttpResponse:
    """Offer the upload and the template, and list earlier imports."""
    return _front(request)


@require_POST
@requires("can_compose")
def upload_file(request: LoaRequest) -> HttpResponseBase:
    """Take a file in and show what becomes of it."""
    too_large = _("The file is larger than this installation takes. Split it into smaller ones.")
    if uploads.too_large(request):
        return _front(request, error=too_large)
    file = request.FILES.get("file")
    if file is None or file.file is None:
        return _front(request, error=_("Choose a file first: CSV or XLSX."))
    try:
        begun = actions.begin_import(
            request.member, file=cast("BinaryIO", file.file), filename=file.name or ""
        )
    except actions.TooLarge:
        return _front(request, error=too_large)
    return redirect("intake:import", workspace_slug=request.workspace.slug, import_id=begun.pk)


@require_GET
@requires("can_compose")
def show_import(request: LoaRequest, import_id: int) -> HttpResponse:
    """Show the rows of a file and what stands against each; while a job works, how far it is."""
    of = find_import(request, import_id)
    template = "intake/import.html#body" if request.is_htmx else "intake/import.html"
    return render(request, template, _context(request, of))


@require_POST
@requires("can_compose")
def read_again(request: LoaRequest, import_id: int) -> HttpResponseBase:
    """Read the file the way the person says it is written."""
    of = find_import(request, import_id)
    encoding, mark = request.POST.get("encoding", ""), request.POST.get("separator", "")
    try:
        actions.read_again(of, encoding=encoding, separator=mark)
    except actions.NotNow:
        toasts.warn(request, _not_now())
    return _back(request, of)


@require_POST
@requires("can_compose")
def start_import(request: LoaRequest, import_id: int) -> HttpResponseBase:
    """Bring in what is fit for it."""
    of = find_import(request, import_id)
    try:
        actions.start_import(of, mode=request.POST.get("mode", ""), by=request.member)
    except actions.MayNotSchedule:
        raise PermissionDenied from None
    except actions.NotNow:
        toasts.warn(request, _not_now())
    return _back(request, of)


@require_POST
@requires("can_compose")
def stop_import(request: LoaRequest, import_id: int) -> HttpResponseBase:
    """Stop the work that is under way."""
    of = find_import(request, import_id)
    try:
        actions.stop_import(of, by=request.member)
    except actions.NotNow:
        toasts.warn(request, _not_now())
    else:
        toasts.tell(request, _("Stopped. What is in stays until you take it back."))
    return _back(request, of)


@require_POST
@requires("can_compose")
def undo_import(request: LoaRequest, import_id: int) -> HttpResponseBase:
    """Put the posts of the import in the bin."""
    of = find_import(request, import_id)
    try:
        actions.undo_import(of, by=request.member)
    except actions.NotNow:
        toasts.warn(request, _not_now())
    return _back(request, of)


def find_import(request: LoaRequest, import_id: int) -> Import:
    """Return the import of this workspace, or 404."""
    imports = Import.objects.in_workspace(request.workspace)
    return get_object_or_404(imports.select_related("workspace", "uploaded_by__user"), pk=import_id)


def _front(request: LoaRequest, *, error: str = "") -> HttpResponse:
    imports = (
        Import.objects.in_workspace(request.workspace)
        .select_related("uploaded_by__user")
        .order_by("-uploaded_at", "-pk")[:MOST_IMPORTS]
    )
    context = {
        "imports": [(one, wording.state_chip(one.state)) for one in imports],
        "error": error,
        "kept_days": actions.KEPT_FOR.days,
        "may_plan": request.member.may("can_plan"),
        "columns": [wording.header(column) for column in Column if column != Column.FINDINGS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "intake/imports.html", context, status=status)


def _context(request: LoaRequest, of: Import) -> dict[str, Any]:
    counts = queries.counts_by_fit(of)
    show = request.GET.get("show", "")
    page = Paginator(queries.shown_rows(of, show=show), PER_PAGE).get_page(request.GET.get("page"))
    columns = [Column(one) if one else None for one in of.columns]
    return {
        "of": of,
        "page": page,
        "base": f"?show={show}&" if show else "?",
        "here": request.get_full_path(),
        "rows": [_shown(row, columns) for row in page.object_list],
        "segments": _segments(request, of, counts, show),
        "counts": counts,
        "ready": counts["ready"],
        "as_drafts": counts["ready"] + counts["draft_only"],
        "left": queries.left_over(of).count(),
        "trouble": wording.trouble(of),
        "chip": wording.state_chip(of.state),
        "is_working": of.state in {State.READING, State.RUNNING, State.UNDOING},
        "may_start": of.state in {State.READY, State.CANCELLED},
        "may_undo": of.state in {State.DONE, State.CANCELLED} and of.done_count > 0,
        "may_read_again": of.state in {State.READY, State.UNREADABLE} and not of.done_count,
        "may_schedule": request.member.may("can_schedule"),
        "encodings": [(one, wording.ENCODING_NAMES[one]) for one in ENCODINGS],
        "separators": [(one, wording.separator(one)) for one in SEPARATORS],
        "encoding_name": wording.ENCODING_NAMES.get(of.encoding, ""),
        "separator_name": wording.separator(of.separator),
        "unused": [title for title, one in zip(of.header, of.columns, strict=False) if not one],
    }


def _shown(row: Any, columns: list[Column | None]) -> dict[str, Any]:
    said: dict[str, str] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        if column is not None:
            said.setdefault(column.value, cell)
    findings = findings_from_json(row.findings)
    return {
        "number": row.number,
        "said": said,
        "chip": wording.row_chip(row.state, row.fit),
        "post": row.post if row.post and row.post.deleted_at is None else None,
        "findings": [(one.severity.value, wording.sentence(one)) for one in findings],
    }


def _segments(
    request: LoaRequest, of: Import, counts: dict[str, int], show: str
) -> list[dict[str, Any]]:
    labels = {
        "": (_("All"), of.seen_count),
        "ready": (_("Ready"), counts["ready"]),
        "draft_only": (_("Only as drafts"), counts["draft_only"]),
        "unusable": (_("To mend"), counts["unusable"]),
        "done": (_("Imported"), counts["done"]),
        "refused": (_("Refused"), counts["refused"]),
    }
    return [
        {
            "label": label,
            "count": count,
            "url": f"{request.path}?show={name}" if name else request.path,
            "is_here": name == show,
        }
        for name, (label, count) in labels.items()
        if count or name in {"", show}
    ]


def _back(request: LoaRequest, of: Import) -> HttpResponseBase:
    return redirect("intake:import", workspace_slug=request.workspace.slug, import_id=of.pk)


def _not_now() -> str:
    return _("Somebody was quicker: this import is in another state by now.")
