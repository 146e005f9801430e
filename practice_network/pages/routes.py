"""The addresses of the pages."""

from collections.abc import Awaitable, Callable
from importlib.resources import files

from aiohttp import web

from practice_network.network import Network
from practice_network.pages import managing, reading, rss
from practice_network.pages.layout import message
from practice_network.pages.visit import NotHere, NotThere, Page, visit

_YEAR = "public, max-age=31536000, immutable"
_STATIC = {"network.css": "text/css", "mark.svg": "image/svg+xml"}

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", reading.show_feed),
    ("GET", "/@{handle}", reading.show_profile),
    ("GET", "/@{handle}/feed.xml", rss.show_rss),
    ("POST", "/@{handle}/codes", managing.issue_code),
    ("GET", "/p/{post_id}", reading.show_post),
    ("GET", "/ledger", managing.show_ledger),
    ("GET", "/new", managing.show_new),
    ("POST", "/new", managing.open_new),
)


def add_pages(application: web.Application, current: Callable[[], Network]) -> None:
    """Add every page, picture and static file; `current` gives the network that is open."""
    for method, path, handler in PAGES:
        application.router.add_route(method, path, _bound(handler, current))

    async def picture(request: web.Request) -> web.Response:
        return _picture(request, current())

    application.router.add_get("/media/{media_id}", picture)
    application.router.add_get("/static/{name}", _static)

    async def nowhere(request: web.Request) -> web.Response:
        return _not_found(request, current())

    application.router.add_get("/{rest:.*}", nowhere)


def _bound(
    handler: Page, current: Callable[[], Network]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        network = current()
        at = visit(request, network)
        try:
            shown = await handler(at)
        except NotThere:
            shown = _not_found(request, network)
        except NotHere:
            shown = managing.not_here(at)
        await network.store.settled()
        return shown

    return handle


def _not_found(request: web.Request, network: Network) -> web.Response:
    at = visit(request, network)
    return message(at, at.words("not_found"), at.words("not_found_hint"), status=404)


def _picture(request: web.Request, network: Network) -> web.Response:
    """Return the bytes of a picture that is ready. They never change, so they may be kept."""
    media_id = request.match_info["media_id"]
    row = network.store.read_one("SELECT mime_type, ready_at FROM media WHERE id = ?", media_id)
    if row is None or row["ready_at"] > network.clock.now_ms():
        return _not_found(request, network)
    return web.Response(
        body=network.gallery.content(media_id),
        content_type=row["mime_type"],
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": _YEAR,
        },
    )


async def _static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _STATIC:
        raise web.HTTPNotFound
    content = files(__package__).joinpath("static", name).read_bytes()
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    return web.Response(body=content, content_type=_STATIC[name], headers=headers)
