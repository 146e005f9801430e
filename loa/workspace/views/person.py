"""One's own settings: name, language, theme, password, second step, sessions."""

from http import HTTPStatus

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.web import toasts
from loa.workspace import actions
from loa.workspace.forms import PersonForm
from loa.workspace.rules.browsers import Browser, described
from loa.workspace.views.front import person

A_YEAR_S = 365 * 24 * 60 * 60
LANGUAGE_COOKIE, THEME_COOKIE = "loa_language", "loa_theme"


@require_http_methods(["GET", "POST"])
@login_required
def show_person(request: HttpRequest) -> HttpResponse:
    """Show one's settings; keep a changed name."""
    user = person(request)
    form = PersonForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        actions.change_person(user, name=form.cleaned_data["name"])
        toasts.tell(request, _("Saved."))
        return redirect("me")
    kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    context = {
        "form": form,
        "has_second_step": set(kinds) & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN},
        "session_count": UserSession.objects.filter(user=user).count(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "workspace/me.html", context, status=status)


@require_GET
@login_required
def show_sessions(request: HttpRequest) -> HttpResponse:
    """List where the person is signed in."""
    sessions = UserSession.objects.purge_and_list(person(request))
    sessions.sort(key=lambda one: one.last_seen_at, reverse=True)
    shown = [(one, _browser_words(described(one.user_agent))) for one in sessions]
    return render(request, "workspace/sessions.html", {"sessions": shown})


@require_POST
@login_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out in one other place."""
    key = request.session.session_key
    if actions.end_session(person(request), session_id=session_id, current_key=key):
        toasts.tell(request, _("Signed out there."))
    return redirect("sessions")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    count = actions.end_other_sessions(person(request), current_key=request.session.session_key)
    words = ngettext(
        "Signed out in %(count)d other place.", "Signed out in %(count)d other places.", count
    )
    toasts.tell(request, words % {"count": count})
    return redirect("sessions")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on; before sign-in a cookie remembers it."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            actions.change_person(person(request), language=chosen)
        _remember(response, LANGUAGE_COOKIE, chosen)
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Use another theme from now on; before sign-in a cookie remembers it."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in actions.THEMES:
        if request.user.is_authenticated:
            actions.change_person(person(request), theme=chosen)
        _remember(response, THEME_COOKIE, chosen)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page the form stood on, never to another site."""
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if safe else "front-door")


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=A_YEAR_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _browser_words(browser: Browser) -> str:
    if browser.name and browser.system:
        return _("%(browser)s on %(system)s") % {
            "browser": browser.name,
            "system": browser.system,
        }
    return browser.name or browser.system or _("An unknown browser")
