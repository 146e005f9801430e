"""Pages of tracked links: the table, one link with its clicks and QR code, links for print."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.channels.models import Channel
from loa.content.models import Campaign, Link
from loa.content.queries.links import link_base, link_rule
from loa.measure import forms
from loa.measure.actions.print_links import NoWebAddress, TooManyLinks, make_print_link
from loa.measure.queries.links import clicks_of_link, exported, figures, links
from loa.measure.rules import qr
from loa.measure.templatetags.figures import count
from loa.ops import clock, sheets
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires

PER_PAGE = 30
DAYS_SHOWN = 56


@require_GET
@requires("can_see_readings")
def show_links(request: LoaRequest) -> HttpResponse:
    """List the tracked links, by kind, channel, campaign and words."""
    return _list_page(request, forms.PrintLinkForm(workspace=request.workspace))


@require_POST
@requires("can_plan")
def add_print_link(request: LoaRequest) -> HttpResponseBase:
    """Make a link for print."""
    form = forms.PrintLinkForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _list_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        link = make_print_link(request.member, **form.cleaned_data)
    except NoWebAddress:
        form.add_error("target", _("That is not an address of the web."))
        return _list_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyLinks:
        form.add_error(None, _("This workspace has as many links for print as it can have."))
        return _list_page(request, form, status=HTTPStatus.CONFLICT)
    toasts.tell(request, _("Ready to print: save its QR code, or copy the link."))
    return redirect("measure:link", request.workspace.slug, link.pk)


@require_GET
@requires("can_see_readings")
def show_link(request: LoaRequest, link_id: int) -> HttpResponse:
    """Show one link: where it leads, its clicks by day, its QR code."""
    link = _link(request, link_id)
    [shown] = figures(request.workspace, [link], now=clock.now(), days=DAYS_SHOWN)
    clicks = clicks_of_link(link)
    context = {
        "link": link,
        "url": _url(request, link),
        "clicks": clicks,
        "shown": {
            "clicks": count(clicks.clicks),
            "visitors": count(clicks.visitors),
            "robots": count(clicks.robots),
            "partial": _("at least") if clicks.is_partial else "",
        },
        "points": [{"label": date_format(day, "j/n"), "value": n} for day, n in shown.by_day],
        "files": {form: _filename(request, link, form) for form in qr.MIME_TYPES},
    }
    return render(request, "measure/link.html", context)


@require_GET
@requires("can_see_readings")
def show_qr(request: LoaRequest, link_id: int, form: str) -> HttpResponse:
    """Give the QR code of a link as a picture."""
    link = _link(request, link_id)
    if form not in qr.MIME_TYPES:
        raise Http404
    content = qr.picture(_url(request, link), form=form, title=_filename(request, link, form))
    return HttpResponse(
        content,
        content_type=qr.MIME_TYPES[form],
        headers={
            "Content-Disposition": f'inline; filename="{_filename(request, link, form)}"',
            "Cache-Control": "private, max-age=3600",
        },
    )


@require_GET
@requires("can_see_readings")
def export_links(request: LoaRequest) -> HttpResponseBase:
    """Give the links that are shown as a table in a file: a row per link and day."""
    base = link_base(link_rule(request.workspace).domain)
    head = (
        _("Link"), _("Leads to"), _("Channel"), _("Campaign"), _("Post"), _("Place"),
        _("Day"), _("Link clicks"), _("Visitors"), _("Robots"),
    )  # fmt: skip

    def rows() -> Iterator[tuple[str, ...]]:
        yield head
        yield from exported(request.workspace, forms.read_asked(request.GET), base=base)

    # Read whole before it is sent: what streams later has left the workspace's fence.
    name = qr.filename(request.workspace.name, _("Links"), form="csv")
    return FileResponse(
        sheets.csv_file(rows()),
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
    )


def _list_page(
    request: LoaRequest, form: forms.PrintLinkForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    asked = forms.read_asked(request.GET)
    page = Paginator(links(request.workspace, asked), PER_PAGE).get_page(request.GET.get("page"))
    query = QueryDict(mutable=True)
    query.update({name: request.GET[name] for name in FILTERS if request.GET.get(name)})
    export = reverse("measure:export-links", args=[request.workspace.slug])
    context = {
        "page": page,
        "rows": figures(request.workspace, page.object_list, now=clock.now()),
        "link_base": link_base(link_rule(request.workspace).domain),
        "asked": asked,
        "is_filtered": bool(query),
        "base": f"?{query.urlencode()}&" if query else "?",
        "export": f"{export}?{query.urlencode()}",
        "kinds": _kinds(request, query, asked.kind),
        "channels": Channel.objects.in_workspace(request.workspace).order_by("name", "pk"),
        "campaigns": Campaign.objects.in_workspace(request.workspace).order_by("name", "pk"),
        "form": form,
        "may_plan": request.member.may("can_plan"),
        "may_set_rule": request.member.may("can_manage_workspace"),
    }
    return render(request, "measure/links.html", context, status=status)


FILTERS = ("kind", "channel", "campaign", "words")


def _kinds(request: LoaRequest, query: QueryDict, here: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), "posts": _("In posts"), "print": _("For print")}
    page = reverse("measure:links", args=[request.workspace.slug])
    choices = []
    for kind, label in labels.items():
        asked = query.copy()
        asked["kind"] = kind
        choices.append(
            {"label": label, "url": f"{page}?{asked.urlencode()}", "is_here": kind == here}
        )
    return choices


def _link(request: LoaRequest, link_id: int) -> Link:
    found = Link.objects.in_workspace(request.workspace)
    return get_object_or_404(found.select_related("post", "channel", "campaign"), pk=link_id)


def _url(request: LoaRequest, link: Link) -> str:
    return f"{link_base(link_rule(request.workspace).domain)}{link.code}"


def _filename(request: LoaRequest, link: Link, form: str) -> str:
    place = link.label or (link.channel.name if link.channel else "")
    return qr.filename(request.workspace.name, place, link.code, form=form)
