"""Operations that change something for an account: posts and pictures."""

from aiohttp import web

from practice_network.api.call import Call, answer
from practice_network.api.showing import post_to_json
from practice_network.json_values import Json, text, texts
from practice_network.media import too_large
from practice_network.posts import Draft
from practice_network.refusals import Refusal, wrong_field
from practice_network.text import normalise

_KEY_MAX_CHARS = 200


async def create_post(call: Call) -> web.Response:
    """Accept a post: 201, or 200 when the same request under the same key was accepted before."""
    body = await call.body()
    account = call.account
    key = call.request.headers.get("Idempotency-Key", "")
    if len(key) > _KEY_MAX_CHARS:
        raise wrong_field("Idempotency-Key", f"at most {_KEY_MAX_CHARS} characters")
    draft = Draft(
        text=_caption(body),
        language=text(body, "language"),
        media_ids=tuple(texts(body, "media_ids")),
        reply_to=text(body, "reply_to"),
        id=text(body, "id"),
        client_ref=text(body, "client_ref"),
        key=key,
    )
    accepted = call.network.board.create(draft, account=account, by=call.caller)
    shown = post_to_json(accepted.post, call)
    if accepted.is_replay:
        return answer(shown, headers={"Idempotent-Replay": "true"})
    return answer(shown, status=201)


async def edit_post(call: Call) -> web.Response:
    """Change text, language or pictures; a field that is not sent stays as it is."""
    board = call.network.board
    body = await call.body()
    post = board.find(call.request.match_info["post_id"], author=call.account.handle)
    edited = board.edit(
        post,
        text=_caption(body) if "text" in body else post.text,
        language=text(body, "language", post.language),
        media_ids=tuple(texts(body, "media_ids")) if "media_ids" in body else post.media_ids,
        by=call.caller,
        limits=call.account.limits,
    )
    return answer(post_to_json(edited, call))


async def delete_post(call: Call) -> web.Response:
    """Take a post down."""
    board = call.network.board
    post = board.find(call.request.match_info["post_id"], author=call.account.handle)
    board.delete(post, by=call.caller)
    return web.Response(status=204)


async def upload_media(call: Call) -> web.Response:
    """Take one picture as multipart: file, alt_text, focus ("x,y"). 202 while it is processed."""
    try:
        fields = await call.request.post()
    except web.HTTPRequestEntityTooLarge as problem:
        raise too_large() from problem
    file = fields.get("file")
    if not isinstance(file, web.FileField):
        raise Refusal(422, "media.missing", "Send the picture in a field called file.")
    medium = call.network.gallery.upload(
        file.file.read(),
        alt_text=_plain(str(fields.get("alt_text", ""))),
        focus=_focus(str(fields.get("focus", "0,0"))),
        processing_ms=call.account.media_processing_ms + call.slower_ms,
        by=call.caller,
        limits=call.account.limits,
    )
    shown = medium.to_json(call.base_url, now_ms=call.now_ms)
    return answer(shown, status=201 if shown["state"] == "ready" else 202)


async def describe_media(call: Call) -> web.Response:
    """Change a picture's description or focal point."""
    gallery = call.network.gallery
    body = await call.body()
    medium = gallery.find(call.request.match_info["media_id"], account=call.account.handle)
    focus = body.get("focus")
    described = gallery.describe(
        medium,
        alt_text=_plain(text(body, "alt_text", medium.alt_text)),
        focus=(medium.focus_x, medium.focus_y) if focus is None else _focus_pair(focus),
        by=call.caller,
    )
    return answer(described.to_json(call.base_url, now_ms=call.now_ms))


def _caption(body: dict[str, Json]) -> str:
    return _plain(text(body, "text"))


def _plain(given: str) -> str:
    try:
        return normalise(given)
    except UnicodeEncodeError as problem:
        raise wrong_field("text", "is not valid Unicode") from problem


def _focus(given: str) -> tuple[float, float]:
    try:
        x, y = (float(axis) for axis in given.split(","))
    except ValueError as problem:
        raise wrong_field("focus", "two numbers such as 0.1,-0.4") from problem
    return x, y


def _focus_pair(given: Json) -> tuple[float, float]:
    match given:
        case [int() | float() as x, int() | float() as y]:
            return float(x), float(y)
        case _:
            raise wrong_field("focus", "two numbers such as [0.1, -0.4]")
