"""Play a platform's recorded conversations, as they are or with one answer spoilt."""

import io
import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from loa.connectors.contract import (
    Answer,
    Captions,
    ChannelRef,
    Connected,
    Connector,
    Flow,
    Media,
    OutgoingPart,
    Published,
    Registration,
    Request,
    Staged,
    VideoRules,
    Wait,
)
from loa.connectors.registry import all_connectors, folder

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
STEPS_MOST = 300
PICTURE = b"\x89PNG a picture that nobody decodes here"
VIDEO = b"\0\0\0\x18ftypisom a video that nobody decodes here"
CAPTIONS = {
    "text": "Bánh mì mới ra lò lúc 7 giờ sáng nay.\n\nHẹn gặp ở tiệm & chào cả nhà! #bánhmì",
    "image": "Ổ bánh mì đầu tiên của ngày.",
    "video": "Mẻ bánh mì trong lò.",
    "link": "Thực đơn tuần này: https://riverside.example/thuc-don?utm_source=loa",
    "reply": "Tiệm mở cửa đến 18 giờ.",
}
TROUBLE = Answer(500, None, {}, "the recording ends here")

type Respond = Callable[[int, Request], Answer | Exception]


@dataclass(frozen=True)
class Scene:
    """One conversation: a flow, what it is given, and the answers that lead it to its end."""

    platform: str
    flow: str
    answers: tuple[str, ...]
    part: str = ""
    caption: str = ""
    of: int = 1
    finds: bool | None = None
    means: str = ""

    def __str__(self) -> str:
        about = "-".join(filter(None, (self.platform, self.flow, self.part)))
        return f"{about}-{'+'.join(self.answers) or 'nothing'}"


@dataclass
class Played:
    """What became of a flow: its value or its error, the requests it made, what they got."""

    value: object = None
    error: BaseException | None = None
    requests: list[Request] = field(default_factory=list)
    got: list[Answer | Exception] = field(default_factory=list)

    @property
    def visible(self) -> list[Request]:
        return [request for request in self.requests if request.visible]


def connectors() -> list[Connector]:
    return list(all_connectors().values())


@cache
def script(platform: str) -> dict[str, Any]:
    """Return a platform's scenes.json; empty when it has none, which a test of its own tells."""
    file = folder(platform) / "answers" / "scenes.json"
    if not file.is_file():
        return {"scenes": [], "refusals": []}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def recorded(platform: str) -> dict[str, dict[str, Any]]:
    """Return every recorded answer of a platform by its name."""
    answers: dict[str, dict[str, Any]] = {}
    for file in (folder(platform) / "answers").iterdir():
        if file.name.endswith(".json") and file.name != "scenes.json":
            answers[file.name.removesuffix(".json")] = json.loads(file.read_text(encoding="utf-8"))
    return answers


def answer(platform: str, name: str) -> Answer:
    kept = recorded(platform)[name]
    body = kept.get("body")
    text = kept.get("text", "")
    content = b64decode(kept.get("base64", "")) or (text or json.dumps(body)).encode()
    return Answer(kept["status"], body, kept.get("headers", {}), text, kept.get("url", ""), content)


def scenes(kind: str = "scenes") -> list[Scene]:
    """Return the scenes of every platform; kind: "scenes" or "refusals"."""
    return [scene for one in connectors() for scene in scenes_of(one.name, kind)]


def scenes_of(platform: str, kind: str = "scenes") -> list[Scene]:
    return [_scene(platform, given) for given in script(platform)[kind]]


def _scene(platform: str, given: Mapping[str, Any]) -> Scene:
    answers = tuple(given["answers"])
    means = given.get("means", "")
    if answers and not means:
        means = recorded(platform)[answers[-1]].get("means", "")
    return Scene(**{**given, "platform": platform, "answers": answers, "means": means})


def play(scene: Scene) -> Played:
    """Play a scene with its recorded answers."""
    return play_with(scene, lambda index, _: recorded_answer(scene, index))


def spoilt(scene: Scene, at: int, fault: Answer | Exception) -> Played:
    """Play a scene, but answer its request number `at` with `fault`.

    What comes after a spoilt visible answer is trouble; a flow that goes on nevertheless is
    given the recorded answers.
    """
    was_visible = False

    def respond(index: int, request: Request) -> Answer | Exception:
        nonlocal was_visible
        if index == at:
            was_visible = request.visible
            return fault
        return TROUBLE if was_visible else recorded_answer(scene, index)

    return play_with(scene, respond)


def recorded_answer(scene: Scene, index: int) -> Answer:
    names = scene.answers
    return answer(scene.platform, names[index]) if index < len(names) else TROUBLE


def play_with(scene: Scene, respond: Respond) -> Played:
    played = Played()
    try:
        flow = flow_of(scene)
        step = next(flow)
        for _ in range(STEPS_MOST):
            if isinstance(step, Wait):
                step = flow.send(None)
                continue
            played.requests.append(step)
            given = respond(len(played.requests) - 1, step)
            played.got.append(given)
            step = flow.throw(given) if isinstance(given, Exception) else flow.send(given)
        played.error = AssertionError("the flow never ends")
    except StopIteration as end:
        played.value = end.value
    except Exception as error:  # noqa: BLE001 — the tests judge which it may be
        played.error = error
    return played


def flow_of(scene: Scene) -> Flow[Any]:
    one = all_connectors()[scene.platform]
    connecting = script(scene.platform).get("connecting", {})
    match scene.flow:
        case "connect":
            assert one.connect_with_form
            return one.connect_with_form(connecting["fields"])
        case "register":
            assert one.oauth
            return one.oauth.register(_base_url(one), connecting["callback"])
        case "finish":
            assert one.oauth
            return one.oauth.finish(
                _base_url(one), registration(scene.platform), connecting["callback"], "c", "v" * 43
            )
        case _:
            return _flow_on_channel(one, scene)


def _flow_on_channel(one: Connector, scene: Scene) -> Flow[Any]:
    ref = channel(scene.platform)
    if scene.flow in {"stage", "publish", "look_up"}:
        part = a_part(scene) if scene.flow == "stage" else a_staged_part(scene)
        return getattr(one, scene.flow)(part, ref)  # type: ignore[no-any-return]
    if scene.flow in {"check", "renew", "revoke", "channel_readings"}:
        return getattr(one, scene.flow)(ref)  # type: ignore[no-any-return]
    live = a_published(scene.platform)
    if scene.flow == "edit":
        assert one.edit
        return one.edit(a_staged_part(scene), live, ref)
    if scene.flow == "delete":
        return one.delete(live, ref)
    assert scene.flow == "readings", f"no such flow: {scene.flow}"
    ids = (live.external_id, *(f"{live.external_id}{n}" for n in range(1, scene.of)))
    return one.readings(tuple(replace(live, external_id=one_id) for one_id in ids), ref)


def _base_url(one: Connector) -> str:
    assert one.oauth
    fields = script(one.name)["connecting"]["fields"]
    return one.oauth.origin(fields) if one.oauth.origin else str(fields["base_url"])


def first(platform: str, *flows: str, part: str = "") -> Scene | None:
    for scene in scenes_of(platform):
        if scene.flow in flows and scene.part == part:
            return scene
    return None


@cache
def registration(platform: str) -> Registration:
    scene = first(platform, "register")
    value = play(scene).value if scene else None
    assert isinstance(value, Registration), "a register scene comes first"
    return value


@cache
def connected(platform: str) -> Connected:
    scene = first(platform, "connect", "finish")
    assert scene, "a connect or finish scene is needed"
    played = play(scene)
    assert isinstance(played.value, Connected), played.error
    return played.value


def channel(platform: str) -> ChannelRef:
    found = connected(platform)
    return ChannelRef(
        platform=platform,
        base_url=found.base_url,
        external_id=found.external_id,
        handle=found.handle,
        secret=found.secret,
        facts=found.facts,
        limits=found.limits,
    )


@cache
def a_published(platform: str) -> Published:
    scene = first(platform, "publish", part="text")
    assert scene, "a publish scene with part text is needed"
    played = play(scene)
    assert isinstance(played.value, Published), played.error
    return played.value


def a_picture() -> Media:
    return Media(
        asset_id=1,
        filename="ổ bánh mì.png",
        mime_type="image/png",
        size_bytes=len(PICTURE),
        open=lambda: io.BytesIO(PICTURE),
        width_px=1200,
        height_px=800,
        alt_text="Ổ bánh mì vàng ruộm trên khay.",
        focus=(0.1, -0.5),
    )


def a_video(rules: VideoRules | None) -> Media:
    """Return a video as a platform with `rules` gets it: with a cover and captions if it may."""
    assert rules, "this platform takes no videos"
    said = Captions("vi", "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nBánh mì nóng đây!\n")
    return Media(
        asset_id=2,
        filename="mẻ bánh.mp4",
        mime_type="video/mp4",
        size_bytes=len(VIDEO),
        open=lambda: io.BytesIO(VIDEO),
        width_px=1080,
        height_px=1920,
        duration_ms=20_000,
        alt_text="Những ổ bánh mì nở dần trong lò.",
        cover=a_picture() if rules.takes_cover else None,
        captions=(said,) if rules.max_captions else (),
    )


def _media_of(part: str, one: Connector) -> tuple[Media, ...]:
    if part == "image":
        return (a_picture(),)
    return (a_video(one.limits.video),) if part == "video" else ()


def a_part(scene: Scene) -> OutgoingPart:
    one = all_connectors()[scene.platform]
    parent = a_published(scene.platform) if scene.part == "reply" else None
    part = OutgoingPart(
        caption=scene.caption or CAPTIONS[scene.part],
        language="vi",
        key=f"delivery-42:{scene.part}",
        created_at=NOW,
        media=_media_of(scene.part, one),
        reply_to=parent,
        root=parent,
    )
    return replace(part, reference=one.reserve(part))


def a_staged_part(scene: Scene) -> OutgoingPart:
    part = a_part(scene)
    staging = first(scene.platform, "stage", part=scene.part)
    if staging is None:
        return part
    staged = play(staging).value
    assert isinstance(staged, Staged)
    return replace(part, staged=staged.media, link_card=staged.link_card)


def places(kind: str = "scenes") -> Iterator[tuple[Scene, int]]:
    """Yield every scene with the number of each of its requests."""
    for scene in scenes(kind):
        for index in range(len(scene.answers)):
            yield scene, index


def secrets_of(platform: str) -> set[str]:
    """Return every secret value that the recorded grant and registration hold."""
    found = set(connected(platform).secret.values())
    if first(platform, "register"):
        found |= set(registration(platform).secret.values())
    return {secret for secret in found if len(secret) > 5}
