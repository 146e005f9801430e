"""What every template knows: the shell around the page and the person's theme."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from loa.web.places import PlaceShown, address, note, shown_to

THEMES = ("", "light", "dark")
ON_BAR = 4


@dataclass
class Shell:
    """The frame of a page, worked out only as far as a template asks.

    Outside a workspace (`in_workspace` is False) there are no places and no addresses.
    """

    request: HttpRequest

    @property
    def in_workspace(self) -> bool:
        """True on a page that `@requires` let somebody into."""
        return getattr(self.request, "member", None) is not None

    @cached_property
    def places(self) -> tuple[PlaceShown, ...]:
        """Return the rail's entries for this member."""
        return shown_to(self.request) if self.in_workspace else ()

    @property
    def bar(self) -> tuple[PlaceShown, ...]:
        """Return the entries of the phone's bar; the others are behind More."""
        return tuple(one for one in self.places if one.place.on_bar)[:ON_BAR]

    @property
    def beyond_bar(self) -> tuple[PlaceShown, ...]:
        """Return the entries that the phone shows behind More."""
        return tuple(one for one in self.places if one not in self.bar)

    @property
    def note(self) -> str:
        """Return the line under the workspace's name."""
        return note(self.request) if self.in_workspace else ""

    @property
    def compose_url(self) -> str:
        """Return where a new post is begun; "" when the member may not."""
        return next((one.url for one in self.places if one.place.name == "compose"), "")

    @property
    def go_url(self) -> str:
        """Return where the command palette asks; "" while there is no such page."""
        return self._page("today:go")

    @property
    def live_url(self) -> str:
        """Return the stream of changes of this workspace since the page was asked for."""
        if not self.in_workspace:
            return ""
        return f"/live/{self.request.workspace.slug}/?since={self.request.came_at_ms}"  # type: ignore[attr-defined]

    @property
    def theme(self) -> str:
        """Return "light" or "dark" when the person chose, "" to follow the device."""
        user = getattr(self.request, "user", None)
        chosen = getattr(user, "theme", None)
        if chosen is None:
            chosen = self.request.COOKIES.get("loa_theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def csrf_cookie(self) -> str:
        """Return the cookie that holds the token of every form."""
        return settings.CSRF_COOKIE_NAME

    @property
    def sign_in_url(self) -> str:
        """Return where somebody signed out is sent."""
        return settings.LOGIN_URL

    @property
    def sign_out_url(self) -> str:
        """Return the address that ends the session."""
        return _reverse("account_logout")

    @property
    def theme_url(self) -> str:
        """Return where a chosen theme is kept; "" while there is no such page."""
        return _reverse("choose-theme")

    @property
    def language_url(self) -> str:
        """Return where a chosen language is kept; "" while there is no such page."""
        return _reverse("choose-language")

    @property
    def person_url(self) -> str:
        """Return the person's own settings; "" while there is no such page."""
        return _reverse("me")

    @property
    def workspaces_url(self) -> str:
        """Return the page that lists the person's workspaces; "" while there is no such page."""
        return _reverse("workspaces")

    def _page(self, url_name: str) -> str:
        return address(url_name, self.request.workspace.slug) if self.in_workspace else ""  # type: ignore[attr-defined]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template `shell`."""
    return {"shell": Shell(request)}


def _reverse(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
