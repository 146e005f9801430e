"""The gate of every workspace page: who is asking, for which workspace, with which ability."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from loa.ops import fence, log_ids
from loa.workspace.actions import record_audit
from loa.workspace.models import Member, User, Workspace

# A refusal repeated within this time is written down once, so that nobody floods the trail.
REFUSALS_APART_S = 600
# Where a session remembers the workspace last worked in, for the front door.
LAST_WORKSPACE = "workspace"


class LoaRequest(HttpRequest):
    """A request inside a workspace. `member` is the person's membership there."""

    workspace: Workspace
    member: Member
    user: User
    is_htmx: bool


type WorkspaceView[**P] = Callable[Concatenate[LoaRequest, P], HttpResponseBase]


class _Refused(Exception):
    """The person may not enter; carries the answer and what the audit trail should know."""

    def __init__(self, workspace: Workspace, member: Member | None) -> None:
        super().__init__()
        self.workspace = workspace
        self.member = member


def requires[**P](
    ability: str,
) -> Callable[[WorkspaceView[P]], Callable[..., HttpResponseBase]]:
    """Let only members with `ability` in; everyone else learns nothing.

    The URL gives `workspace_slug`. Signed out: to the sign-in page. Not a member: 404, as if
    there were no such workspace. A member without the ability: 403. Both refusals are
    audited. Inside, times are the workspace's local times, and the transaction is fenced to
    the workspace and rolled back when the view raises.
    """

    def decorate(view: WorkspaceView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            plain: HttpRequest, *args: Any, workspace_slug: str, **kwargs: Any
        ) -> HttpResponseBase:
            if not plain.user.is_authenticated:
                return redirect_to_login(plain.get_full_path())
            request = cast("LoaRequest", plain)
            try:
                with fence.everywhere("let a member in, or nobody"):
                    member = _let_in(request.user, workspace_slug, ability)
                    fence.narrow_to(member.workspace_id)
                    log_ids.note(workspace_id=member.workspace_id)
                    request.workspace, request.member = member.workspace, member
                    if request.session.get(LAST_WORKSPACE) != workspace_slug:
                        request.session[LAST_WORKSPACE] = workspace_slug
                    with timezone.override(ZoneInfo(member.workspace.time_zone)):
                        return _rendered(view(request, *args, **kwargs))
            except _Refused as refused:
                _note(request, refused, ability)
                if refused.member is None:
                    raise Http404 from None
                raise PermissionDenied from None

        guarded.ability = ability  # type: ignore[attr-defined]  # read by the house rules
        return guarded

    return decorate


def member_of(user: User, workspace_slug: str) -> Member | None:
    """Return the present membership of `user` in the workspace, or None."""
    with fence.everywhere("find out where a person is a member"):
        return _membership(user, workspace_slug)


def _let_in(user: User, workspace_slug: str, ability: str) -> Member:
    member = _membership(user, workspace_slug)
    if member is None:
        workspace = Workspace.objects.filter(slug=workspace_slug).first()
        if workspace is None:
            raise Http404
        raise _Refused(workspace, None)
    if not member.may(ability):
        raise _Refused(member.workspace, member)
    return member


def _membership(user: User, workspace_slug: str) -> Member | None:
    return (
        Member.objects.filter(
            user_id=user.pk, workspace__slug=workspace_slug, left_at=None, user__is_active=True
        )
        .select_related("workspace", "user")
        .first()
    )


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render a lazy response while its rows are still visible."""
    if isinstance(response, HttpResponse) and hasattr(response, "render"):
        rendered: HttpResponseBase = response.render()
        return rendered
    return response


def _note(request: LoaRequest, refused: _Refused, ability: str) -> None:
    page = request.resolver_match.view_name if request.resolver_match else ""
    # A stranger's walk through many addresses is one refusal, a member's are told apart.
    what = f"{page}:{request.method}" if refused.member else "stranger"
    who = f"{refused.workspace.pk}:{request.user.pk}:{what}"
    if not cache.add(f"loa:refused:{who}", 1, REFUSALS_APART_S):
        return
    record_audit(
        refused.workspace,
        member=refused.member,
        action="access.refused",
        subject=f"page:{page}"[:64],
        detail={
            "ability": ability,
            "method": request.method or "",
            "person": str(request.user) if refused.member else f"user:{request.user.pk}",
        },
    )
