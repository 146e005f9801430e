"""The pages for whoever runs the network: the ledger, and opening an account."""

from aiohttp import web

from practice_network.accounts import Idempotency
from practice_network.api.admin import new_account, open_account
from practice_network.audience.personas import personas
from practice_network.clock import from_text
from practice_network.json_values import Json
from practice_network.ledger import Caller
from practice_network.limits import Kind
from practice_network.pages.layout import message, page
from practice_network.pages.markup import Html, element
from practice_network.pages.visit import HOME_ZONE, NotHere, NotThere, Visit, from_own_page
from practice_network.refusals import Refusal

_PAGE = 100
_EXCERPT_CHARS = 140
_USUAL_FOLLOWERS = 1200


async def show_ledger(at: Visit) -> web.Response:
    """Show the ledger, newest first."""
    _must_be_local(at)
    words, before = at.words, at.request.query.get("before", "")
    entries = at.network.ledger.newest(
        before=int(before) if before.isdecimal() else None, limit=_PAGE + 1
    )
    shown = entries[:_PAGE]
    columns = ("number", "time", "event", "account", "subject", "content")
    more = None
    if len(entries) > _PAGE:
        more = element("a", words("older"), href=f"?before={shown[-1]['seq']}", class_="older")
    table = element(
        "div",
        element(
            "table",
            element("thead", element("tr", *(_heading(words(key)) for key in columns))),
            element("tbody", *(_line(entry, at) for entry in shown)),
        ),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label=words("ledger"),
    )
    return page(
        at,
        element("h1", words("ledger")),
        element("p", words("ledger_hint"), class_="facts"),
        table if shown else element("p", words("empty_ledger"), class_="empty"),
        more,
        title=words("ledger"),
    )


async def show_new(at: Visit) -> web.Response:
    """Show the form that opens an account."""
    _must_be_local(at)
    return _form(at, {}, problem=None)


async def open_new(at: Visit) -> web.Response:
    """Open an account and show its access code, once."""
    _must_be_own_form(at)
    sent = await at.request.post()
    typed = {name: str(value) for name, value in sent.items()}
    fields: dict[str, Json] = {**typed, "followers": _USUAL_FOLLOWERS}
    if typed.get("followers", "").isdecimal():
        fields["followers"] = int(typed["followers"])
    try:
        account = new_account(fields, now_ms=at.now_ms)
        _, code = open_account(at.network, account, by=_caller(at))
    except Refusal as no:
        taken = no.code == "handle.taken"
        words = at.words
        reason = words("handle_taken") if taken else words("check_fields", reason=no.message)
        return _form(at, typed, problem=reason)
    return _code(at, account.handle, code, title=at.words("opened", handle=account.handle))


async def issue_code(at: Visit) -> web.Response:
    """Issue another access code for an account, and show it once."""
    _must_be_own_form(at)
    account = at.network.accounts.find(at.request.match_info["handle"])
    if account is None:
        raise NotThere
    _, code = at.network.accounts.issue(account, now_ms=at.now_ms)
    title = at.words("code_issued", handle=account.handle)
    return _code(at, account.handle, code, title=title)


def _must_be_local(at: Visit) -> None:
    if not at.is_local:
        raise NotHere


def _must_be_own_form(at: Visit) -> None:
    if not at.is_local or not from_own_page(at.request):
        raise NotHere


def not_here(at: Visit) -> web.Response:
    """Return the page for whoever is not at this machine."""
    return message(at, at.words("not_here"), at.words("not_here_hint"), status=403)


def _caller(at: Visit) -> Caller:
    return Caller("", "", "page", at.now_ms, at.network.clock.real_ms())


def _heading(text: str) -> Html:
    return element("th", text, scope="col")


def _line(entry: dict[str, Json], at: Visit) -> Html:
    payload = entry["payload"]
    said = payload.get("text") if isinstance(payload, dict) else None
    at_ms = from_text(str(entry["at"]))
    return element(
        "tr",
        element("td", str(entry["seq"]), class_="figure"),
        element("td", at.words.moment(at_ms, zone=HOME_ZONE), class_="figure"),
        element("td", at.words(str(entry["event"]))),
        element("td", str(entry["account"] or entry["subject"])),
        element("td", element("code", str(entry["subject"]))),
        element("td", str(said or "")[:_EXCERPT_CHARS]),
    )


def _code(at: Visit, handle: str, code: str, *, title: str) -> web.Response:
    words = at.words
    facts = [
        (words("address"), at.base_url),
        (words("handle"), handle),
        (words("access_code"), code),
    ]
    pairs = [
        part
        for name, value in facts
        for part in (element("dt", name), element("dd", element("code", value)))
    ]
    return page(
        at,
        element("h1", title),
        element("p", words("access_code_hint")),
        element("dl", *pairs, class_="code"),
        title=title,
    )


def _form(at: Visit, typed: dict[str, str], *, problem: str | None) -> web.Response:
    words = at.words
    kept = {"persona": "cafe", "followers": str(_USUAL_FOLLOWERS), "idempotency": "native_key"}
    values = {**kept, "kind": Kind.WORDS, **typed}
    fields = [
        _text_field(at, "handle", values, hint="handle_hint", required=True),
        _text_field(at, "name", values),
        _text_field(at, "bio", values),
        _choice(at, "kind", values, tuple(Kind)),
        _choice(at, "persona", values, tuple(personas())),
        _text_field(at, "followers", values, label="followers_now", kind="number"),
        _choice(at, "idempotency", values, tuple(Idempotency)),
    ]
    return page(
        at,
        element("h1", words("new_account")),
        element("p", problem, role="alert", class_="problem") if problem else None,
        element(
            "form",
            *fields,
            element("button", words("open")),
            method="post",
            action="/new",
            class_="fields",
        ),
        title=words("new_account"),
        status=422 if problem else 200,
    )


def _text_field(
    at: Visit,
    name: str,
    values: dict[str, str],
    *,
    label: str = "",
    hint: str = "",
    kind: str = "text",
    required: bool = False,
) -> Html:
    return element(
        "p",
        element("label", at.words(label or name), for_=name),
        element(
            "input",
            id=name,
            name=name,
            type=kind,
            value=values.get(name, ""),
            required=required,
            min="0" if kind == "number" else None,
            autocomplete="off",
            aria_describedby=f"{name}-hint" if hint else None,
        ),
        element("small", at.words(hint), id=f"{name}-hint") if hint else None,
    )


def _choice(at: Visit, name: str, values: dict[str, str], options: tuple[str, ...]) -> Html:
    return element(
        "p",
        element("label", at.words(name), for_=name),
        element(
            "select",
            *(
                element("option", at.words(one), value=one, selected=values.get(name) == one)
                for one in options
            ),
            id=name,
            name=name,
        ),
    )
