"""Settings of the workspace."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.web import toasts
from loa.workspace import actions
from loa.workspace.access import LoaRequest, requires
from loa.workspace.forms import WorkspaceForm
from loa.workspace.rules.permissions import Ability


@require_GET
@requires("can_view")
def show_settings(request: LoaRequest) -> HttpResponse:
    """Show the settings; whoever may change them gets a form."""
    workspace = request.workspace
    form = WorkspaceForm(
        initial={
            "name": workspace.name,
            "time_zone": workspace.time_zone,
            "language": workspace.language,
            "currency": workspace.currency,
        }
    )
    return _settings_page(request, form)


@require_POST
@requires("can_manage_workspace")
def change_settings(request: LoaRequest) -> HttpResponse:
    """Keep changed settings."""
    form = WorkspaceForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actions.change_workspace(
        request.workspace,
        by=request.member,
        name=form.cleaned_data["name"],
        time_zone=form.cleaned_data["time_zone"],
        language=form.cleaned_data["language"],
        currency=form.cleaned_data["currency"],
    )
    toasts.tell(request, _("Saved."))
    return redirect(
        reverse("workspace:settings", kwargs={"workspace_slug": request.workspace.slug})
    )


def _settings_page(
    request: LoaRequest, form: WorkspaceForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "may_change": request.member.may(Ability.MANAGE_WORKSPACE),
        "may_see_audit": request.member.may(Ability.SEE_AUDIT),
    }
    return render(request, "workspace/settings.html", context, status=status)
