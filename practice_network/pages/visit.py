"""One visit to a page: who looks at what, in which language, at which network time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from practice_network.api.call import is_local
from practice_network.network import Network
from practice_network.pages.words import Words, language_of, words_in

HOME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class NotThere(Exception):
    """There is no such page."""


class NotHere(Exception):
    """This page can be opened only on the machine that runs the network."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page being made."""

    request: web.Request
    network: Network
    words: Words
    now_ms: int

    @property
    def is_local(self) -> bool:
        """Say whether the reader sits at the machine that runs the network."""
        return is_local(self.request)

    @property
    def base_url(self) -> str:
        """Return the address under which the reader reached us."""
        return f"{self.request.scheme}://{self.request.host}"

    def address_in(self, language: str) -> str:
        """Return this page's address in another language."""
        return str(self.request.rel_url.update_query(lang=language))


type Page = Callable[[Visit], Awaitable[web.Response]]


def visit(request: web.Request, network: Network) -> Visit:
    """Begin a visit: the audience does what it has done by now."""
    network.catch_up()
    words = words_in(language_of(request))
    return Visit(request, network, words, network.clock.now_ms())


def from_own_page(request: web.Request) -> bool:
    """Say whether a form was sent from one of our own pages, and by nobody else's."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.host}"
