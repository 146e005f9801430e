"""What every request gets before a view sees it."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from loa.measure.queries.leads import workspace_of_host
from loa.measure.views.redirects import follow_link
from loa.ops import clock
from loa.workspace.models import User

# How old the list of one's sessions may be.
ACTIVITY_APART_S = 300
SEEN_AT = "seen_at"
# Where tracked links live on our own host, while no host is made for them.
OWN_PATH = "/l/"

type Handler = Callable[[HttpRequest], HttpResponse]


class TrackedLinks:
    """Serve tracked links: on hosts made for them nothing else, on our own host under /l/.

    The host is compared with names that are known, never used: a stranger's Host header goes
    on to Django, which refuses it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._own_hosts = frozenset(settings.ALLOWED_HOSTS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send a visitor on, or let the pages answer."""
        host = (request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")).lower()
        name = host.rpartition(":")[0] or host
        path = request.path_info.removeprefix("/").removesuffix("/")
        if settings.LINK_DOMAIN and settings.LINK_DOMAIN in {host, name}:
            return follow_link(request, path, workspace_id=None)
        if name in self._own_hosts:
            if request.path_info.startswith(OWN_PATH):
                return follow_link(request, path[len(OWN_PATH) - 1 :], workspace_id=None)
            return self.get_response(request)
        workspace_id = workspace_of_host(name)
        if workspace_id is not None:
            return follow_link(request, path, workspace_id=workspace_id)
        return self.get_response(request)


class PersonMiddleware:
    """Speak the person's language: their own setting, else what their browser prefers.

    Also notes `request.is_htmx`, so a view can answer with a fragment, when the request came,
    so a page can be told what changed since, and now and then that the session is in use.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request in the person's language."""
        request.is_htmx = request.headers.get("HX-Request") == "true"  # type: ignore[attr-defined]
        request.came_at_ms = int(clock.now().timestamp() * 1000)  # type: ignore[attr-defined]
        self._note_activity(request)
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language(self, request: HttpRequest) -> str:
        if request.user.is_authenticated:
            return request.user.language
        chosen = request.COOKIES.get("loa_language", "")
        if translation.check_for_language(chosen):
            return chosen
        return translation.get_language_from_request(request)

    def _note_activity(self, request: HttpRequest) -> None:
        if not isinstance(request.user, User) or not request.session.session_key:
            return
        now_s = int(clock.now().timestamp())
        if now_s - request.session.get(SEEN_AT, 0) < ACTIVITY_APART_S:
            return
        request.session[SEEN_AT] = now_s
        UserSession.objects.create_from_request(request)  # or brings it up to date
