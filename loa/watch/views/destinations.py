"""Add, try, switch and remove where alerts go."""

import uuid
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loa.watch import actions, wording
from loa.watch.forms import FORMS, DestinationForm
from loa.watch.models import Destination
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_http_methods(["GET", "POST"])
@requires("can_watch")
def add_destination(request: LoaRequest, destination_kind: str) -> HttpResponse:
    """Ask for what a destination needs, keep it, and write to it at once to see that it works."""
    make = FORMS.get(destination_kind)
    if make is None:
        raise Http404
    if request.method == "GET":
        return _form_page(request, destination_kind, make())
    form = make(request.POST.dict())
    if not form.is_valid():
        return _form_page(request, destination_kind, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    place = actions.add_destination(
        request.workspace,
        by=request.member,
        kind=destination_kind,
        name=form.cleaned_data["name"],
        secret=form.secret(),
        shown=form.shown(),
        quiet=(form.cleaned_data["quiet_from"], form.cleaned_data["quiet_to"]),
    )
    toasts.tell(
        request, _("%(name)s is added. Send a test to see that it arrives.") % {"name": place.name}
    )
    return _back(request)


@require_POST
@requires("can_watch")
def test_destination(request: LoaRequest, destination_id: int) -> HttpResponse:
    """Write to a destination now and say how that went."""
    text = wording.test_text(request.workspace, str(uuid.uuid4()))
    try:
        outcome = actions.test_destination(request.workspace, destination_id, text=text)
    except actions.DestinationGone:
        raise Http404 from None
    if outcome.code:
        words = wording.failure(outcome.code)
        status = f" (HTTP {outcome.status})" if outcome.status else ""
        toasts.warn(request, f"{words}{status}")
    else:
        toasts.tell(request, _("The test was taken. Look whether it arrived."))
    return _back(request)


@require_POST
@requires("can_watch")
def switch_destination(request: LoaRequest, destination_id: int) -> HttpResponse:
    """Switch a destination on or off."""
    on = request.POST.get("on") == "1"
    try:
        actions.switch_destination(request.workspace, destination_id, on=on, by=request.member)
    except actions.DestinationGone:
        raise Http404 from None
    return _back(request)


@require_POST
@requires("can_watch")
def remove_destination(request: LoaRequest, destination_id: int) -> HttpResponse:
    """Remove a destination."""
    try:
        name = actions.remove_destination(request.workspace, destination_id, by=request.member)
    except actions.DestinationGone:
        raise Http404 from None
    toasts.tell(request, _("%(name)s is removed.") % {"name": name})
    return _back(request)


def _form_page(
    request: LoaRequest, kind: str, form: DestinationForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "kind": kind, "label": Destination.Kind(kind).label}
    return render(request, "watch/add_destination.html", context, status=status)


def _back(request: LoaRequest) -> HttpResponse:
    return redirect("watch:alerts", request.workspace.slug)
