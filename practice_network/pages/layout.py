"""The frame around every page."""

from aiohttp import web

from practice_network.pages.markup import Html, element, join, trusted_file
from practice_network.pages.visit import HOME_ZONE, Visit
from practice_network.pages.words import COOKIE, LANGUAGES, words_in

# Nothing from elsewhere, nothing inline, no script at all.
POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}
_YEAR_S = 31_536_000
_MARK = trusted_file("mark.svg")


def page(at: Visit, *content: Html | None, title: str, status: int = 200) -> web.Response:
    """Return a whole page."""
    words = at.words
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · {words('network')}"),
        element("link", rel="icon", href="/static/mark.svg", type="image/svg+xml"),
        element("link", rel="stylesheet", href="/static/network.css"),
    )
    body = element(
        "body",
        element("a", words("skip"), href="#content", class_="skip"),
        element("p", words("practice"), class_="practice"),
        _top(at),
        element("main", *content, id="content", tabindex="-1"),
        _clock(at),
    )
    html = Html("<!doctype html>") + element("html", head, body, lang=words.language)
    given = web.Response(text=html, content_type="text/html", status=status, headers=_HEADERS)
    if at.request.query.get("lang") in LANGUAGES:
        given.set_cookie(COOKIE, words.language, max_age=_YEAR_S, httponly=True, samesite="Lax")
    return given


def message(at: Visit, title: str, hint: str, *, status: int) -> web.Response:
    """Return a page that only says something."""
    return page(at, element("h1", title), element("p", hint), title=title, status=status)


def _top(at: Visit) -> Html:
    words = at.words
    places = [("/", "feed"), ("/ledger", "ledger"), ("/new", "new_account")]
    links = [
        element(
            "a", words(key), href=href, aria_current="page" if at.request.path == href else None
        )
        for href, key in places
    ]
    languages = [
        element("span", words_in(name)("language"), lang=name, class_="chosen")
        if name == words.language
        else element(
            "a", words_in(name)("language"), href=at.address_in(name), lang=name, hreflang=name
        )
        for name in LANGUAGES
    ]
    brand = element("a", _MARK, element("strong", words("network")), href="/", class_="brand")
    return element(
        "header",
        brand,
        element("nav", *links, aria_label=words("network")),
        element("div", *languages, class_="languages"),
        class_="top",
    )


def _clock(at: Visit) -> Html:
    pace, words = at.network.clock.pace, at.words
    if pace.is_real:
        manner = words("clock_real")
    elif pace.speed == 0:
        manner = words("clock_stands")
    else:
        manner = words("clock_runs", speed=f"{pace.speed:g}")
    moment = words.moment(at.now_ms, zone=HOME_ZONE)
    return element("footer", join([f"{words('clock')}: {moment} · {manner}"]), class_="clock")
