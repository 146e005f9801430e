"""The team: who is in, who is invited, what everybody may do."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from loa.ops import clock
from loa.web import toasts
from loa.workspace import actions, queries
from loa.workspace.access import LoaRequest, requires
from loa.workspace.forms import InviteForm, RoleForm
from loa.workspace.models import Invitation, Member
from loa.workspace.rules.permissions import ABILITIES, Ability, Role, may_change, may_give
from loa.workspace.wording import ABILITY_LABELS, ROLE_LABELS, ROLE_PURPOSES


@require_GET
@requires("can_view")
def show_team(request: LoaRequest) -> HttpResponse:
    """List the members and the open invitations."""
    return _team_page(request)


@require_GET
@requires("can_view")
def show_roles(request: LoaRequest) -> HttpResponse:
    """Show which role may do what."""
    rows = [
        (ABILITY_LABELS[ability.value], [ability in ABILITIES[role] for role in Role])
        for ability in sorted(Ability, key=lambda one: list(ABILITY_LABELS).index(one.value))
    ]
    roles = [(ROLE_LABELS[role.value], ROLE_PURPOSES[role.value]) for role in Role]
    return render(request, "workspace/roles.html", {"roles": roles, "rows": rows})


@require_POST
@never_cache
@requires("can_manage_team")
def invite_member(request: LoaRequest) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _team_page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        new = actions.invite_member(
            request.workspace,
            by=request.member,
            role=form.cleaned_data["role"],
            email=form.cleaned_data["email"],
        )
    except actions.NotAllowed:
        form.add_error("role", _("Only an owner can make somebody an owner."))
        return _team_page(request, form=form, status=HTTPStatus.FORBIDDEN)
    except actions.AlreadyMember:
        form.add_error("email", _("This person is in the workspace already."))
        return _team_page(request, form=form, status=HTTPStatus.CONFLICT)
    link = settings.PUBLIC_URL + reverse("join", kwargs={"token": new.token})
    shown = {"kind": "invitation", "url": link, "role": ROLE_LABELS[new.invitation.role]}
    return _team_page(request, link=shown, status=HTTPStatus.CREATED)


@require_POST
@requires("can_manage_team")
def withdraw_invitation(request: LoaRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    found = Invitation.objects.in_workspace(request.workspace)
    invitation = get_object_or_404(found, pk=invitation_id)
    try:
        actions.withdraw_invitation(invitation, by=request.member)
    except actions.NotAllowed:
        toasts.warn(request, _("Only an owner can do this to an owner."))
    except actions.InvitationGone:
        toasts.warn(request, _("The invitation was used or withdrawn already."))
    else:
        toasts.tell(request, _("The invitation no longer works."))
    return _to_team(request)


@require_POST
@requires("can_manage_team")
def change_role(request: LoaRequest, member_id: int) -> HttpResponse:
    """Make a member something else."""
    member, form = _member(request, member_id), RoleForm(request.POST)
    if not form.is_valid():
        return _team_page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    before, role = member.role, form.cleaned_data["role"]
    try:
        actions.change_role(member, role=role, by=request.member)
    except actions.NotAllowed:
        return _refused(request, _("Only an owner can do this to an owner."))
    except actions.LastOwner:
        return _refused(request, _last_owner())
    if before != role:
        words = _("%(name)s is now: %(role)s.") % {
            "name": member.user.name,
            "role": ROLE_LABELS[role],
        }
        toasts.tell(request, words)
    return _to_team(request)


@require_POST
@requires("can_manage_team")
def remove_member(request: LoaRequest, member_id: int) -> HttpResponse:
    """End somebody's membership; it can be undone."""
    member = _member(request, member_id)
    try:
        actions.remove_member(member, by=request.member)
    except actions.NotAllowed:
        return _refused(request, _("Only an owner can do this to an owner."))
    except actions.LastOwner:
        return _refused(request, _last_owner())
    if member.pk == request.member.pk:
        return redirect("front-door")
    toasts.tell_with_undo(
        request,
        _("%(name)s is no longer in the workspace.") % {"name": member.user.name},
        undo_url=_url(request, "restore-member", member_id=member.pk),
    )
    return _to_team(request)


@require_POST
@requires("can_manage_team")
def restore_member(request: LoaRequest, member_id: int) -> HttpResponse:
    """Take a removal back."""
    found = Member.objects.in_workspace(request.workspace).select_related("user", "workspace")
    member = get_object_or_404(found, pk=member_id)
    try:
        actions.restore_member(member, by=request.member)
    except actions.NotAllowed:
        return _refused(request, _("Only an owner can do this to an owner."))
    toasts.tell(request, _("%(name)s is back.") % {"name": member.user.name})
    return _to_team(request)


@require_POST
@requires("can_view")
def leave_workspace(request: LoaRequest) -> HttpResponse:
    """Leave the workspace oneself."""
    try:
        actions.remove_member(request.member, by=request.member)
    except actions.LastOwner:
        return _refused(request, _last_owner())
    return redirect("front-door")


@require_POST
@never_cache
@requires("can_reset_passwords")
def make_reset_link(request: LoaRequest, member_id: int) -> HttpResponse:
    """Make a link with which a member chooses a new password, and show it, this once."""
    member = _member(request, member_id)
    try:
        made = actions.make_reset_link(member, by=request.member)
    except actions.CannotReset:
        return _refused(
            request,
            _(
                "This person also works in places you do not own, so the link must come from the"
                " machine: loa reset_link %(email)s"
            )
            % {"email": member.user.email},
        )
    where = reverse("account_reset_password_from_key", args=[made.uid, made.key])
    shown = {"kind": "reset", "url": settings.PUBLIC_URL + where, "name": member.user.name}
    return _team_page(request, link=shown, status=HTTPStatus.CREATED)


def _last_owner() -> str:
    return _("A workspace keeps at least one owner. Make somebody else an owner first.")


def _team_page(
    request: LoaRequest,
    *,
    form: InviteForm | None = None,
    link: dict[str, Any] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    me, now = request.member, clock.now()
    given = [(role.value, ROLE_LABELS[role.value]) for role in Role if may_give(me.role, role)]
    members = [
        {
            "member": one,
            "role": ROLE_LABELS[one.role],
            "is_me": one.pk == me.pk,
            "may_change": may_change(me.role, present=one.role, wanted=None) and one.pk != me.pk,
            "may_reset": me.may(Ability.RESET_PASSWORDS) and one.pk != me.pk,
        }
        for one in queries.team(request.workspace)
    ]
    invitations = [
        {"invitation": one, "role": ROLE_LABELS[one.role], "is_expired": one.expires_at <= now}
        for one in queries.open_invitations(request.workspace)
    ]
    context = {
        "members": members,
        "invitations": invitations,
        "given": given,
        "form": form or InviteForm(),
        "link": link,
        "may_manage": me.may(Ability.MANAGE_TEAM),
    }
    return render(request, "workspace/team.html", context, status=status)


def _refused(request: LoaRequest, words: str) -> HttpResponse:
    toasts.warn(request, words)
    return _team_page(request, status=HTTPStatus.CONFLICT)


def _member(request: LoaRequest, member_id: int) -> Member:
    return get_object_or_404(queries.team(request.workspace), pk=member_id)


def _to_team(request: LoaRequest) -> HttpResponse:
    return redirect(_url(request, "team"))


def _url(request: LoaRequest, name: str, **arguments: int) -> str:
    return reverse(
        f"workspace:{name}", kwargs={"workspace_slug": request.workspace.slug, **arguments}
    )
