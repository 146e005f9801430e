"""The gate of every workspace page: who is asking, for which workspace, with which ability."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from loa.ops import fence
from loa.workspace.models import Member, User, Workspace


class LoaRequest(HttpRequest):
    """A request inside a workspace. `member` is the person's membership there."""

    workspace: Workspace
    member: Member
    user: User
    is_htmx: bool


type WorkspaceView[**P] = Callable[Concatenate[LoaRequest, P], HttpResponseBase]


def requires[**P](
    ability: str,
) -> Callable[[WorkspaceView[P]], Callable[..., HttpResponseBase]]:
    """Let only members with `ability` in; everyone else learns nothing.

    The URL gives `workspace_slug`. Signed out: to the sign-in page. Not a member: 404, as if
    there were no such workspace. A member without the ability: 403. Inside, the transaction
    is fenced to the workspace and rolled back when the view raises.
    """

    def decorate(view: WorkspaceView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            plain: HttpRequest, *args: Any, workspace_slug: str, **kwargs: Any
        ) -> HttpResponseBase:
            if not plain.user.is_authenticated:
                return redirect_to_login(plain.get_full_path())
            request = cast("LoaRequest", plain)
            member = member_of(request.user, workspace_slug)
            if member is None:
                raise Http404
            if not member.may(ability):
                raise PermissionDenied
            request.workspace, request.member = member.workspace, member
            with fence.inside(member.workspace_id):
                response = view(request, *args, **kwargs)
                if isinstance(response, HttpResponse) and hasattr(response, "render"):
                    response = response.render()
                return response

        guarded.ability = ability  # type: ignore[attr-defined]  # read by the house rules
        return guarded

    return decorate


def member_of(user: User, workspace_slug: str) -> Member | None:
    """Return the present membership of `user` in the workspace, or None."""
    return (
        Member.objects.filter(
            user_id=user.pk, workspace__slug=workspace_slug, left_at=None, user__is_active=True
        )
        .select_related("workspace", "user")
        .first()
    )
