"""The front door, and which workspace one goes to."""

from http import HTTPStatus
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from loa.workspace import actions, queries
from loa.workspace.access import LAST_WORKSPACE
from loa.workspace.forms import WorkspaceForm
from loa.workspace.models import User, Workspace


@require_GET
@never_cache
@login_required
def front_door(request: HttpRequest) -> HttpResponse:
    """Go to the workspace last worked in, the only one, or the list of them."""
    workspaces = queries.workspaces_of(person(request))
    last = request.session.get(LAST_WORKSPACE)
    for workspace in workspaces:
        if workspace.slug == last or len(workspaces) == 1:
            return redirect(home_of(workspace))
    return redirect("workspaces")


@require_GET
@never_cache
@login_required
def show_workspaces(request: HttpRequest) -> HttpResponse:
    """List the workspaces the person is in."""
    user = person(request)
    choices = [(one, home_of(one)) for one in queries.workspaces_of(user)]
    context = {"choices": choices, "may_found": queries.may_found(user)}
    return render(request, "workspace/workspaces.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def found_workspace(request: HttpRequest) -> HttpResponse:
    """Let an owner found another workspace."""
    user = person(request)
    if not queries.may_found(user):
        raise PermissionDenied
    form = WorkspaceForm(request.POST or None, initial={"language": user.language})
    if request.method == "POST" and form.is_valid():
        workspace = actions.create_workspace(
            form.cleaned_data["name"],
            owner=user,
            time_zone=form.cleaned_data["time_zone"],
            language=form.cleaned_data["language"],
            currency=form.cleaned_data["currency"],
        )
        return redirect(home_of(workspace))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "workspace/found.html", {"form": form}, status=status)


def home_of(workspace: Workspace) -> str:
    """Return the address of the page a workspace opens with."""
    return reverse("today:today", kwargs={"workspace_slug": workspace.slug})


def person(request: HttpRequest) -> User:
    """Return who is signed in; only behind a check that somebody is."""
    return cast("User", request.user)
