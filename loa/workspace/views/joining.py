"""The ways in: the owner link, an invitation, and a forgotten password."""

from collections.abc import Callable
from http import HTTPStatus

from allauth.account.views import password_reset
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from loa.web import toasts
from loa.workspace import actions
from loa.workspace.forms import JoinForm, WelcomeForm
from loa.workspace.models import Invitation, Member, User
from loa.workspace.rules.links import Gone
from loa.workspace.views.front import home_of, person


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first owner and their workspace."""
    if why := actions.why_owner_link_is_gone(token):
        return _gone(request, "workspace/welcome_gone.html", why)
    form = WelcomeForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            member = _explained(
                form,
                lambda: actions.use_owner_link(
                    token, person=form.person(), workspace=form.workspace()
                ),
            )
        except actions.OwnerLinkGone as gone:
            return _gone(request, "workspace/welcome_gone.html", gone.why)
        if member:
            return _enter(request, member)
    return _form_page(request, "workspace/welcome.html", form)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Join a workspace by an invitation: signed in, or as a new person."""
    try:
        invitation = actions.find_invitation(token)
        if request.user.is_authenticated:
            return _join_as(request, token, invitation)
        return _join_anew(request, token, invitation)
    except actions.InvitationGone as gone:
        return _gone(request, "workspace/invitation_gone.html", gone.why)


@require_http_methods(["GET", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponseBase:
    """Send a link by e-mail, or say who can make one where e-mail is not set up."""
    if not settings.EMAIL_URL:
        return render(request, "workspace/forgotten_without_mail.html")
    answer: HttpResponseBase = password_reset(request)
    return answer


def _join_as(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    user, refusal = person(request), ""
    if request.method == "POST":
        try:
            member = actions.accept_invitation(token, person=user)
        except actions.AlreadyMember:
            toasts.warn(request, _("You are in this workspace already."))
            return redirect(home_of(invitation.workspace))
        except actions.MeantForAnother:
            refusal = "another"
        else:
            return redirect(home_of(member.workspace))
    context = {"invitation": invitation, "token": token, "refusal": refusal}
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return render(request, "workspace/join.html", context, status=status)


def _join_anew(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = JoinForm(
        request.POST or None, initial={"language": get_language(), "email": invitation.email}
    )
    if request.method == "POST" and form.is_valid():
        member = _explained(form, lambda: actions.accept_invitation(token, person=form.person()))
        if member:
            return _enter(request, member)
    context = {"invitation": invitation, "token": token}
    return _form_page(request, "workspace/join_anew.html", form, context)


def _explained(form: forms.Form, act: Callable[[], Member]) -> Member | None:
    """Do it, or put what was refused beside the field it is about and return None."""
    try:
        return act()
    except actions.EmailTaken:
        form.add_error("email", _("Somebody signs in with this address already."))
    except actions.MeantForAnother:
        form.add_error("email", _("The invitation was made for another address."))
    except ValidationError as weak:
        form.add_error("password", weak)
    return None


def _enter(request: HttpRequest, member: Member) -> HttpResponse:
    user: User = member.user
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(home_of(member.workspace))


def _form_page(
    request: HttpRequest, template: str, form: forms.Form, context: dict[str, object] | None = None
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {**(context or {}), "form": form}, status=status)


def _gone(request: HttpRequest, template: str, why: Gone) -> HttpResponse:
    return render(request, template, {"why": why.value}, status=HTTPStatus.GONE)
