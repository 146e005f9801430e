"""Recorded conversations end as they should, and the public sees exactly one request."""

from dataclasses import replace

import pytest

from loa.connectors.codes import CODES
from loa.connectors.contract import (
    Capability,
    Connected,
    Connector,
    Idempotency,
    MetricValue,
    Published,
    Registration,
    Renewed,
    Staged,
)
from loa.connectors.errors import ConnectorError
from tests.conformance.scenes import (
    Scene,
    a_part,
    channel,
    connected,
    connectors,
    first,
    play,
    recorded,
    scenes,
    scenes_of,
)

VALUES = {
    "connect": Connected,
    "register": Registration,
    "finish": Connected,
    "check": Connected,
    "renew": Renewed,
    "stage": Staged,
    "publish": Published,
    "edit": Published,
}
every_platform = pytest.mark.parametrize("connector", connectors(), ids=lambda one: one.name)


@pytest.mark.parametrize("scene", scenes(), ids=str)
def test_a_recorded_conversation_comes_to_its_end(scene: Scene) -> None:
    played = play(scene)

    assert played.error is None
    assert len(played.requests) == len(scene.answers)
    expected = VALUES.get(scene.flow)
    if expected:
        assert isinstance(played.value, expected)
    if scene.flow == "look_up":
        assert (played.value is not None) is scene.finds


@pytest.mark.parametrize("scene", scenes(), ids=str)
def test_only_publishing_is_seen_and_only_once(scene: Scene) -> None:
    played = play(scene)

    assert len(played.visible) == (1 if scene.flow == "publish" else 0)


@pytest.mark.parametrize("scene", scenes("refusals"), ids=str)
def test_each_recorded_refusal_is_explained(scene: Scene) -> None:
    played = play(scene)

    assert isinstance(played.error, ConnectorError)
    assert played.error.code == scene.means
    assert played.error.code in CODES
    assert played.error.platform == scene.platform
    assert len(played.requests) == len(scene.answers)


@every_platform
def test_every_recorded_answer_is_played(connector: Connector) -> None:
    played = {
        name
        for kind in ("scenes", "refusals")
        for scene in scenes_of(connector.name, kind)
        for name in scene.answers
    }

    assert played == set(recorded(connector.name))


@every_platform
def test_every_flow_has_a_scene(connector: Connector) -> None:
    wanted = {"check", "stage", "publish", "look_up", "delete", "readings"}
    wanted |= {"connect"} if connector.connect_with_form else {"register", "finish"}
    for optional in ("edit", "renew", "revoke", "channel_readings"):
        wanted |= {optional} if getattr(connector, optional) else set()

    assert {scene.flow for scene in scenes_of(connector.name)} == wanted


@every_platform
def test_each_media_kind_that_goes_out_has_its_conversation(connector: Connector) -> None:
    kinds = {Capability.IMAGES: "image", Capability.VIDEO: "video"}
    for capability, part in kinds.items():
        for flow in ("stage", "publish"):
            has_scene = first(connector.name, flow, part=part) is not None
            assert has_scene == connector.can(capability), f"{flow} of {part}"


@every_platform
def test_an_uncertain_part_can_be_found_and_can_be_missing(connector: Connector) -> None:
    if connector.idempotency is Idempotency.NONE:
        pytest.skip("this platform cannot be read back")
    outcomes = {one.finds for one in scenes_of(connector.name) if one.flow == "look_up"}

    assert outcomes == {True, False}


@pytest.mark.parametrize("scene", [one for one in scenes() if one.flow == "publish"], ids=str)
def test_a_retry_says_exactly_the_same(scene: Scene) -> None:
    [once], [again] = play(scene).visible, play(scene).visible

    assert once == again


@pytest.mark.parametrize("scene", [one for one in scenes() if one.flow == "publish"], ids=str)
def test_the_reference_travels_with_the_visible_request(scene: Scene) -> None:
    [connector] = [one for one in connectors() if one.name == scene.platform]
    if connector.idempotency not in {Idempotency.NATIVE_KEY, Idempotency.CLIENT_ID}:
        pytest.skip("this platform knows no reference of ours")
    [request] = play(scene).visible

    assert a_part(scene).reference
    sent = (*request.headers.values(), request.url, request.json)
    assert a_part(scene).reference in str(sent)


@every_platform
def test_references_are_stable_and_never_shared(connector: Connector) -> None:
    scene = first(connector.name, "publish", part="text")
    assert scene
    part = a_part(scene)
    if not connector.reserve(part):
        pytest.skip("this platform knows no reference of ours")
    parts = [replace(part, key=f"delivery-{n}:{m}") for n in range(50) for m in range(20)]

    references = [connector.reserve(one) for one in parts]

    assert references == [connector.reserve(one) for one in parts]
    assert len(set(references)) == len(parts)


@every_platform
def test_readings_are_of_declared_metrics(connector: Connector) -> None:
    for scene in scenes_of(connector.name):
        value = play(scene).value
        if scene.flow == "readings":
            assert isinstance(value, dict)
            found = [one for counts in value.values() for one in counts]
        elif scene.flow == "channel_readings":
            assert isinstance(value, tuple)
            found = list(value)
        else:
            continue
        assert all(isinstance(one, MetricValue) for one in found)
        assert {one.metric for one in found} <= set(connector.metrics)


@every_platform
def test_checking_a_channel_finds_the_same_account(connector: Connector) -> None:
    scene = first(connector.name, "check")
    assert scene
    checked = play(scene).value

    assert isinstance(checked, Connected)
    assert checked.external_id == connected(connector.name).external_id
    assert dict(checked.secret) == dict(channel(connector.name).secret)
    assert checked.limits is not None
