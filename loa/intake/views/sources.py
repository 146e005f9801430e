"""Feeds outside: add them, see what came, change, pause, delete."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loa.intake import actions, queries, wording
from loa.intake.forms import SourceForm
from loa.intake.models import Source
from loa.kernel.errors import LoaError
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_http_methods(["GET", "POST"])
@requires("can_plan")
def show_sources(request: LoaRequest) -> HttpResponseBase:
    """List the feeds, and add one."""
    form = SourceForm(workspace=request.workspace, initial=SourceForm.first_values())
    if request.method == "POST":
        form = SourceForm(request.POST, workspace=request.workspace)
        added = _add(request, form) if form.is_valid() else None
        if added is not None:
            toasts.tell(request, _("The feed is being read. What is new appears here."))
            return _to(request, added)
    sources = [(one, wording.source_chip(one)) for one in queries.sources_of(request.workspace)]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/sources.html", {"form": form, "sources": sources}, status=status)


@require_http_methods(["GET", "POST"])
@requires("can_plan")
def show_source(request: LoaRequest, source_id: int) -> HttpResponseBase:
    """Show what came from a feed, and let it be changed."""
    source = _find(request, source_id)
    form = SourceForm(
        workspace=request.workspace, with_url=False, initial=SourceForm.values_of(source)
    )
    if request.method == "POST":
        form = SourceForm(request.POST, workspace=request.workspace, with_url=False)
        if form.is_valid() and _change(request, source, form):
            toasts.tell(request, _("Saved. It holds for entries that come from now on."))
            return _to(request, source)
    context = {
        "source": source,
        "form": form,
        "chip": wording.source_chip(source),
        "trouble": wording.source_trouble(source),
        "entries": queries.recent_entries(source),
        "here": request.get_full_path(),
    }
    if request.is_htmx:
        return render(request, "intake/source.html#standing", context)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/source.html", context, status=status)


@require_POST
@requires("can_plan")
def poll_source(request: LoaRequest, source_id: int) -> HttpResponseBase:
    """Have a feed read now."""
    source = _find(request, source_id)
    actions.poll_soon(source)
    toasts.tell(request, _("The feed is being read. What is new appears here."))
    return _to(request, source)


@require_POST
@requires("can_plan")
def pause_source(request: LoaRequest, source_id: int) -> HttpResponseBase:
    """Ask a feed no more."""
    source = _find(request, source_id)
    actions.pause_source(source, by=request.member)
    return _to(request, source)


@require_POST
@requires("can_plan")
def resume_source(request: LoaRequest, source_id: int) -> HttpResponseBase:
    """Ask a feed again."""
    source = _find(request, source_id)
    if source.mode == Source.Mode.QUEUE and not request.member.may("can_schedule"):
        raise PermissionDenied
    actions.resume_source(source, by=request.member)
    return _to(request, source)


@require_POST
@requires("can_plan")
def delete_source(request: LoaRequest, source_id: int) -> HttpResponseBase:
    """Forget a feed."""
    source = _find(request, source_id)
    actions.delete_source(source, by=request.member)
    toasts.tell(request, _("“%(name)s” is no longer read. Its posts stay.") % {"name": source})
    return redirect("intake:sources", workspace_slug=request.workspace.slug)


def _add(request: LoaRequest, form: SourceForm) -> Source | None:
    data = form.cleaned_data
    try:
        return actions.add_source(
            request.member, url=data["url"], name=data["name"], wishes=form.wishes()
        )
    except actions.NoChannel:
        form.add_error("channels", wording.no_channel())
    except LoaError as refusal:
        form.add_error("url", wording.source_refusal(refusal))
    return None


def _change(request: LoaRequest, source: Source, form: SourceForm) -> bool:
    try:
        actions.change_source(
            source,
            name=form.cleaned_data["name"],
            wishes=form.wishes(takes_first=source.takes_first),
            by=request.member,
        )
    except actions.NoChannel:
        form.add_error("channels", wording.no_channel())
        return False
    return True


def _find(request: LoaRequest, source_id: int) -> Source:
    rows = Source.objects.in_workspace(request.workspace).select_related("workspace")
    return get_object_or_404(rows, pk=source_id)


def _to(request: LoaRequest, source: Source) -> HttpResponseBase:
    return redirect("intake:source", workspace_slug=request.workspace.slug, source_id=source.pk)
