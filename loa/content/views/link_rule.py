"""The page on which a workspace says what is done to its links."""

from http import HTTPStatus

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loa.channels.models import Channel
from loa.content.actions.links import DomainTaken, set_link_rule
from loa.content.forms import LinkRuleForm
from loa.content.queries.links import link_base, link_rule
from loa.content.rules.utm import PLACES
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_http_methods(["GET", "POST"])
@requires("can_manage_workspace")
def show_link_rule(request: LoaRequest) -> HttpResponseBase:
    """Show and set what is done to links as posts go out."""
    if request.method != "POST":
        rule = link_rule(request.workspace)
        return _page(request, LinkRuleForm.of(rule, channels=_channels(request)))
    form = LinkRuleForm(request.POST, channels=_channels(request))
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        set_link_rule(request.member, wanted=form.rule())
    except DomainTaken:
        form.add_error("domain", _("Another workspace here has this host for its links."))
        return _page(request, form, status=HTTPStatus.CONFLICT)
    toasts.tell(request, _("Saved. It holds for everything that goes out from now on."))
    return redirect("content:link-rule", request.workspace.slug)


def _channels(request: LoaRequest) -> QuerySet[Channel]:
    used = Channel.objects.in_workspace(request.workspace)
    return used.exclude(state=Channel.State.DISCONNECTED).order_by("name", "pk")


def _page(request: LoaRequest, form: LinkRuleForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "form": form,
        "places": [f"{{{place}}}" for place in PLACES],
        "base": link_base(link_rule(request.workspace).domain),
    }
    return render(request, "content/link_rule.html", context, status=status)
