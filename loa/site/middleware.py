"""What every request gets before a view sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

type Handler = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Speak the person's language: their own setting, else what their browser prefers.

    Also notes `request.is_htmx`, so a view can answer with a fragment.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request in the person's language."""
        request.is_htmx = request.headers.get("HX-Request") == "true"  # type: ignore[attr-defined]
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
