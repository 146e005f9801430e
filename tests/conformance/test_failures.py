"""Whatever a platform answers, a flow sorts it, and never claims what did not happen."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loa.connectors.contract import Answer, Idempotency, Published
from loa.connectors.errors import (
    ChannelLost,
    ConnectorError,
    GrantExpired,
    NotSent,
    RateLimited,
    Refused,
    Uncertain,
)
from loa.connectors.registry import all_connectors
from loa.kernel.json import JSON
from tests.conformance.scenes import Played, Scene, answer, places, secrets_of, spoilt

STATUSES = (
    *(300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411),
    *(412, 413, 414, 415, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499),
    *(500, 501, 502, 503, 504, 505, 507, 508, 520, 522, 524, 529, 530, 599),
)
DEEP: JSON = None
for _ in range(200):
    DEEP = {"error": DEEP}
BODIES: tuple[JSON, ...] = (
    None,
    {},
    [],
    "no",
    7,
    True,
    {"error": None},
    {"error": {"code": 4, "message": []}},
    {"error": "Something", "message": {"a": 1}},
    {"error": "x" * 10_000, "message": "\ud800\0"},
    {"error": ["a"], "errors": {}},
    [{"error": "a"}],
    DEEP,
)
EVERYWHERE = list(places())
VISIBLE = [(scene, index) for scene, index in EVERYWHERE if scene.flow == "publish"]
ids = [f"{scene}-at-{index}" for scene, index in EVERYWHERE]
at_every_request = pytest.mark.parametrize(("scene", "index"), EVERYWHERE, ids=ids)


def judge(played: Played) -> None:
    """What holds for every flow, whatever it was answered."""
    assert played.error is None or isinstance(played.error, ConnectorError), repr(played.error)
    assert len(played.visible) <= 1
    if isinstance(played.error, Uncertain):
        assert played.visible, "nothing was shown, so nothing is uncertain"
    if isinstance(played.value, Published):
        assert played.value.external_id.strip()
        played.value.external_id.encode()
        assert "\0" not in played.value.external_id
        assert played.value.url.startswith(("http://", "https://", "")), played.value.url


def was_visible(played: Played, index: int) -> bool:
    return index < len(played.requests) and played.requests[index].visible


@at_every_request
def test_no_status_and_no_body_breaks_a_flow(scene: Scene, index: int) -> None:
    for status in STATUSES:
        for body in BODIES:
            played = spoilt(scene, index, Answer(status, body, {}, "<html>no</html>"))
            judge(played)
            if was_visible(played, index):
                assert played.error is not None, f"{status} was taken for success"


@at_every_request
def test_an_unreadable_success_is_no_success(scene: Scene, index: int) -> None:
    for status in (200, 201, 202, 204, 206):
        for body in BODIES:
            played = spoilt(scene, index, Answer(status, body, {}, ""))
            judge(played)
            if was_visible(played, index):
                assert isinstance(played.error, Uncertain), f"{status} {str(body)[:40]}"


@at_every_request
def test_a_withdrawn_grant_loses_the_channel(scene: Scene, index: int) -> None:
    played = spoilt(scene, index, Answer(401, None, {}, ""))

    judge(played)
    if was_visible(played, index):
        assert isinstance(played.error, ChannelLost)


@at_every_request
def test_a_wait_that_is_asked_for_is_passed_on(scene: Scene, index: int) -> None:
    played = spoilt(scene, index, Answer(429, None, {"retry-after": "17"}, ""))

    judge(played)
    if was_visible(played, index):
        assert isinstance(played.error, RateLimited)
    if isinstance(played.error, RateLimited):
        assert played.error.retry_after_s == 17


@at_every_request
def test_trouble_after_the_visible_request_is_uncertain(scene: Scene, index: int) -> None:
    keyed = all_connectors()[scene.platform].idempotency is Idempotency.NATIVE_KEY
    for status in (408, 425, 500, 502, 503, 504, 520):
        played = spoilt(scene, index, Answer(status, None, {}, "<html>bad gateway</html>"))
        judge(played)
        if was_visible(played, index):
            allowed = (Uncertain, NotSent) if keyed else (Uncertain,)
            assert isinstance(played.error, allowed)
            assert not isinstance(played.error, Refused)


@at_every_request
def test_what_the_transport_raises_is_not_swallowed(scene: Scene, index: int) -> None:
    platform = scene.platform
    for fault in (
        NotSent("no connection", platform=platform, code="network.unreachable"),
        Refused("private", platform=platform, code="egress.blocked"),
    ):
        judge(spoilt(scene, index, fault))
    lost = Uncertain("no answer", platform=platform, code="network.timeout")
    played = spoilt(scene, index, lost) if _is_visible(scene, index) else None
    if played:
        assert played.error is lost


def _is_visible(scene: Scene, index: int) -> bool:
    return was_visible(spoilt(scene, index, Answer(500)), index)


@at_every_request
def test_an_error_never_tells_a_secret(scene: Scene, index: int) -> None:
    for status in (400, 401, 403, 429, 500):
        error = spoilt(scene, index, Answer(status, None)).error
        for secret in secrets_of(scene.platform):
            assert secret not in f"{error!r} {error} {getattr(error, 'detail', '')}"


SCRAPS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["\ud800", "a\0b", "", " ", "javascript:alert(1)", "did:plc:x", "at://x/y/z"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def spoilt_answers(draw: st.DrawFn) -> tuple[Scene, int, Answer]:
    """A recorded answer of which one or two values, at any depth, are something else."""
    scene, index = draw(st.sampled_from(EVERYWHERE))
    whole = answer(scene.platform, scene.answers[index])
    body = copy.deepcopy(whole.body)
    for _ in range(draw(st.integers(1, 2))):
        body = _replaced(draw, body)
    status = draw(st.sampled_from([whole.status] * 6 + [200, 201, 202, 204, 400, 409, 422]))
    return scene, index, Answer(status, body, whole.headers, "", whole.url)


def _replaced(draw: st.DrawFn, body: Any) -> Any:
    if not isinstance(body, dict | list) or not body or draw(st.integers(0, 5)) == 0:
        return draw(SCRAPS)
    where = draw(st.sampled_from(sorted(body) if isinstance(body, dict) else range(len(body))))
    if isinstance(body, dict) and draw(st.integers(0, 4)) == 0:
        del body[where]
    else:
        body[where] = _replaced(draw, body[where])
    return body


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoilt_answers())
def test_no_malformed_answer_breaks_a_flow_or_passes_for_success(
    spoiling: tuple[Scene, int, Answer],
) -> None:
    scene, index, fault = spoiling

    played = spoilt(scene, index, fault)

    judge(played)
    if was_visible(played, index) and not 200 <= fault.status < 300:
        assert played.error is not None
    if isinstance(played.error, GrantExpired):
        assert all_connectors()[scene.platform].renew is not None
