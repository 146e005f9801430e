"""Operations on sessions: opened with the code that a person typed, renewed, taken back."""

from aiohttp import web

from practice_network.api.call import Call, answer
from practice_network.clock import to_text
from practice_network.json_values import text
from practice_network.refusals import Refusal
from practice_network.sessions import Codes


async def open_session(call: Call) -> web.Response:
    """Begin a session for the account whose access code came."""
    return _codes(call.network.sessions.open(call.account, now_ms=call.now_ms), status=201)


async def renew_session(call: Call) -> web.Response:
    """Trade a refresh code for new codes; the ones before are over."""
    refresh_code = text(await call.body(), "refresh_code")
    return _codes(call.network.sessions.renew(refresh_code, now_ms=call.now_ms), status=200)


async def list_sessions(call: Call) -> web.Response:
    """Return every session with how often it was renewed."""
    return answer({"sessions": [one.to_json() for one in call.network.sessions.all()]})


async def end_session(call: Call) -> web.Response:
    """Take a permission back, with all its codes."""
    session_id = call.request.match_info["session_id"]
    if not call.network.sessions.end(session_id, now_ms=call.now_ms):
        raise Refusal(404, "session.unknown", f"There is no session {session_id!r} in force.")
    return web.Response(status=204)


def _codes(codes: Codes, *, status: int) -> web.Response:
    shown = {
        "access_code": codes.access_code,
        "refresh_code": codes.refresh_code,
        "expires_at": to_text(codes.expires_at),
    }
    return answer({**shown}, status=status)
