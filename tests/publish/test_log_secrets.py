"""A grant is never logged, whichever way its delivery ends, not even at DEBUG."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from loa.ops import fence, log_ids
from loa.ops.logs import JsonLines, OneLine
from loa.publish.models import Delivery
from practice_network.testing import Running
from tests.cast import a_channel
from tests.publish.scene import Scene, a_scene, work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


@pytest.fixture(params=[OneLine, JsonLines])
def logged(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged at any level, by every library too."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param())
    handler.addFilter(log_ids.WithIds())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def send(scene: Scene, *, code: str, base_url: str = "", handle: str = "banhmi") -> Delivery:
    channel = a_channel(
        scene.workspace,
        handle=handle,
        base_url=base_url or scene.practice.base_url,
        secret={"access_code": code},
        facts={"idempotency": "native_key"},
    )
    [delivery] = scene.scheduled(channel)
    work_off()
    with fence.everywhere("look at a delivery in a test"):
        return Delivery.all_work.get(pk=delivery.pk)


def test_a_delivery_that_goes_well(scene: Scene, logged: io.StringIO) -> None:
    code = scene.practice.client.open_account("banhmi").access_code

    assert send(scene, code=code).state == "delivered"

    assert code not in logged.getvalue()


@pytest.mark.parametrize("code", ["Zq8Kx2Vt0aN5mB7cR4dW9eS1", "tiny-word"])
def test_a_grant_that_is_refused(scene: Scene, logged: io.StringIO, code: str) -> None:
    scene.practice.client.open_account("banhmi")

    assert send(scene, code=code).state in {"due", "failed"}

    assert logged.getvalue()
    assert code not in logged.getvalue()


def test_a_platform_that_cannot_be_reached(scene: Scene, logged: io.StringIO) -> None:
    code = scene.practice.client.open_account("banhmi").access_code

    assert send(scene, code=code, base_url="http://127.0.0.1:9").state == "failed"

    assert logged.getvalue()
    assert code not in logged.getvalue()


def test_a_mistake_of_ours_with_its_traceback(
    scene: Scene, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error's words hold the grant, as those of an HTTP library may."""
    code = scene.practice.client.open_account("banhmi").access_code

    def stumble(*_: object, **__: object) -> None:
        raise ValueError(f"{{'Authorization': 'Bearer {code}'}}") from OSError(f"token={code}")

    monkeypatch.setattr("loa.publish.dispatcher.sending.Sender._stage", stumble)

    delivery = send(scene, code=code)

    assert delivery.state == "due"
    assert "Traceback" in logged.getvalue()
    assert f"delivery_id={delivery.pk}" in logged.getvalue() or delivery.pk in {
        json.loads(line).get("delivery_id")
        for line in logged.getvalue().splitlines()
        if line.startswith("{")
    }
    assert code not in logged.getvalue()
