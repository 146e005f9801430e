"""Operations for whoever runs the network: accounts, access codes, faults, the clock."""

from aiohttp import web

from practice_network.accounts import Account, Idempotency
from practice_network.api.call import Call, answer
from practice_network.audience.personas import personas
from practice_network.clock import from_text, to_text
from practice_network.faults.book import Body, Fault, Kind, When
from practice_network.json_values import Json, choice, number, text, texts, whole
from practice_network.ledger import Caller, Event
from practice_network.limits import Kind as AccountKind
from practice_network.network import Network
from practice_network.refusals import Refusal, wrong_field

_NO_RATE_LIMIT = 100_000
_LEDGER_PAGE = 1000
_LEDGER_PAGE_MOST = 10_000


async def create_account(call: Call) -> web.Response:
    """Open an account and return it with its first access code, which is shown only once."""
    account = new_account(await call.body(), now_ms=call.now_ms)
    token_id, code = open_account(call.network, account, by=call.caller)
    return answer(
        {**_owner_view(account, call), "token_id": token_id, "access_code": code}, status=201
    )


async def list_accounts(call: Call) -> web.Response:
    """Return every account."""
    return answer({"accounts": [_owner_view(one, call) for one in call.network.accounts.all()]})


async def issue_token(call: Call) -> web.Response:
    """Return another access code for an account."""
    account = _find(call)
    token_id, code = call.network.accounts.issue(account, now_ms=call.now_ms)
    return answer({"token_id": token_id, "access_code": code}, status=201)


async def revoke_token(call: Call) -> web.Response:
    """End an access code."""
    token_id = call.request.match_info["token_id"]
    if not call.network.accounts.revoke(token_id, now_ms=call.now_ms):
        raise Refusal(404, "token.unknown", f"There is no access code {token_id!r} in force.")
    return web.Response(status=204)


async def add_fault(call: Call) -> web.Response:
    """Order a fault."""
    body = await call.body()
    book = call.network.faults
    fault = _new_fault(body, book.next_id())
    book.add(fault)
    return answer({"id": fault.id}, status=201)


async def list_faults(call: Call) -> web.Response:
    """Return every fault and how often it struck."""
    return answer({"faults": call.network.faults.to_json()})


async def remove_fault(call: Call) -> web.Response:
    """Lift one fault."""
    fault_id = call.request.match_info["fault_id"]
    if not call.network.faults.remove(fault_id):
        raise Refusal(404, "fault.unknown", f"There is no fault {fault_id!r}.")
    return web.Response(status=204)


async def clear_faults(call: Call) -> web.Response:
    """Lift every fault."""
    call.network.faults.clear()
    return web.Response(status=204)


async def show_clock(call: Call) -> web.Response:
    """Return the network's time."""
    return answer(_clock(call.network))


async def set_clock(call: Call) -> web.Response:
    """Set the clock: `now`, `advance_s`, `speed` (0 stands still), or `real` to follow real time.

    Time never goes back behind what the ledger already holds.
    """
    body = await call.body()
    network = call.network
    if body.get("real") is True:
        _check_forward(network, network.clock.real_ms())
        network.clock.follow_real_time()
    else:
        instant_ms = network.clock.now_ms()
        if "now" in body:
            instant_ms = _instant(body, "now")
        instant_ms += int(number(body, "advance_s", 0.0) * 1000)
        _check_forward(network, instant_ms)
        speed = number(body, "speed", network.clock.pace.speed, most=1e6)
        network.clock.move_to(instant_ms, speed=speed)
    network.keep_clock()
    return answer(_clock(network))


async def read_ledger(call: Call) -> web.Response:
    """Return what was accepted after entry number `since`, oldest first."""
    query = call.request.query
    try:
        since = int(query.get("since", "0"))
        limit = int(query.get("limit", str(_LEDGER_PAGE)))
    except ValueError as problem:
        raise wrong_field("since", "since and limit are whole numbers") from problem
    entries = call.network.ledger.since(since, limit=max(1, min(limit, _LEDGER_PAGE_MOST)))
    return answer({"entries": [*entries]})


def open_account(network: Network, account: Account, *, by: Caller) -> tuple[str, str]:
    """Add an account and return the id of its first access code, and the code."""
    payload: dict[str, Json] = {
        "persona": account.persona,
        "followers": account.followers,
        "language": account.language,
        "time_zone": account.time_zone,
    }
    with network.store.together():
        network.accounts.create(account)
        issued = network.accounts.issue(account, now_ms=by.now_ms)
        network.ledger.add(Event.ACCOUNT_CREATED, account.handle, payload, by)
    return issued


def new_account(body: dict[str, Json], *, now_ms: int) -> Account:
    """Read the fields of a new account; Refusal when one is wrong."""
    handle = text(body, "handle").strip().lower()
    persona = text(body, "persona", "cafe")
    if persona not in personas():
        raise wrong_field("persona", f"must be one of {', '.join(personas())}")
    return Account(
        handle=handle,
        id=f"a_{handle}",
        name=text(body, "name") or handle,
        bio=text(body, "bio"),
        persona=persona,
        language=text(body, "language", "vi"),
        time_zone=text(body, "time_zone", "Asia/Ho_Chi_Minh"),
        followers=whole(body, "followers", 0, most=10_000_000),
        idempotency=choice(body, "idempotency", Idempotency.NATIVE_KEY),
        media_processing_ms=int(number(body, "media_processing_s", 0.0, most=3600.0) * 1000),
        requests_per_window=whole(body, "requests_per_window", _NO_RATE_LIMIT, least=1),
        created_at=now_ms,
        kind=choice(body, "kind", AccountKind.WORDS),
        access_lives_ms=int(number(body, "access_lives_s", 0.0, most=31_536_000.0) * 1000),
    )


def _new_fault(body: dict[str, Json], fault_id: str) -> Fault:
    if "kind" not in body:
        raise wrong_field("kind", f"must be one of {', '.join(Kind)}")
    kind = choice(body, "kind", Kind.LOSE_ANSWER)
    endless = "count" in body and body["count"] is None
    usual_body = Body.HALF_JSON if kind is Kind.MALFORMED_BODY else Body.ERROR
    return Fault(
        id=fault_id,
        kind=kind,
        account=text(body, "account", "*"),
        operation=text(body, "operation", "*"),
        when=choice(body, "when", When.BEFORE if kind is Kind.DROP else When.AFTER),
        count=None if endless else whole(body, "count", 1),
        skip=whole(body, "skip", 0),
        probability=number(body, "probability", 1.0, most=1.0),
        seed=whole(body, "seed", 0),
        until=_instant(body, "until") if body.get("until") else None,
        seconds=number(body, "seconds", 30.0, most=86_400.0),
        status=whole(body, "status", 503, least=200, most=599),
        body=choice(body, "body", usual_body),
        retry_after_s=whole(body, "retry_after_s", 60),
        metrics=tuple(texts(body, "metrics")),
        ends_at=_instant(body, "ends_at") if body.get("ends_at") else None,
    )


def _instant(body: dict[str, Json], name: str) -> int:
    try:
        return from_text(text(body, name))
    except ValueError as problem:
        raise wrong_field(name, str(problem)) from problem


def _check_forward(network: Network, instant_ms: int) -> None:
    last = network.ledger.last_instant_ms()
    if last is not None and instant_ms < last:
        raise Refusal(
            409,
            "clock.backwards",
            f"The ledger already reaches {to_text(last)}. Reset the network to go back.",
        )


def _clock(network: Network) -> Json:
    return {
        "now": to_text(network.clock.now_ms()),
        "speed": network.clock.pace.speed,
        "real": network.clock.pace.is_real,
    }


def _find(call: Call) -> Account:
    handle = call.request.match_info["handle"]
    account = call.network.accounts.find(handle)
    if account is None:
        raise Refusal(404, "account.unknown", f"There is no account @{handle}.")
    return account


def _owner_view(account: Account, call: Call) -> dict[str, Json]:
    return {
        **account.to_json(call.base_url),
        "followers_at_start": account.followers,
        "kind": account.kind,
        "idempotency": account.idempotency,
        "media_processing_s": account.media_processing_ms / 1000,
        "requests_per_window": account.requests_per_window,
        "access_lives_s": account.access_lives_ms / 1000,
    }
