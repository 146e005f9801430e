"""What every request gets before a view sees it."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from loa.ops import clock
from loa.workspace.models import User

# How old the list of one's sessions may be.
ACTIVITY_APART_S = 300
SEEN_AT = "seen_at"

type Handler = Callable[[HttpRequest], HttpResponse]


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
