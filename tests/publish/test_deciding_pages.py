"""What a person decides on a receipt, and how a refusal is answered."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from loa.ops import clock, fence
from loa.publish.dispatcher import Pace
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.cast import a_member, signed_in
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = pytest.mark.django_db

LINK = "https://town.example/@bakery/1"
LATER = timedelta(minutes=10)


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


@pytest.fixture
def browser(scene: Scene) -> Client:
    return signed_in(scene.ana)


@pytest.fixture
def uncertain(scene: Scene) -> Delivery:
    """Return a delivery whose answer was lost on a platform that cannot be asked."""
    scene.practice.client.add_fault("drop", operation="create_post", when="after")
    [delivery] = scene.scheduled(scene.channel(idempotency="none"))
    work_off(Pace())
    lost = again(delivery)
    assert (lost.state, lost.needs_person) == (S.UNCERTAIN, True)
    return lost


@pytest.fixture
def failed(scene: Scene) -> Delivery:
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)
    [delivery] = scene.scheduled(scene.channel())
    work_off()
    assert again(delivery).state == S.FAILED
    return delivery


def post(
    browser: Client, delivery: Delivery, what: str, *, htmx: bool = False, **said: str
) -> HttpResponse:
    url = f"/w/{delivery.workspace.slug}/deliveries/{delivery.pk}/{what}/"
    headers: dict[str, Any] = {"HX-Request": "true"} if htmx else {}
    return browser.post(url, said, headers=headers)  # type: ignore[return-value]  # its test double


def page(browser: Client, delivery: Delivery) -> str:
    url = f"/w/{delivery.workspace.slug}/deliveries/{delivery.pk}/"
    return browser.get(url).content.decode()


def test_an_uncertain_receipt_explains_itself_and_asks(
    browser: Client, uncertain: Delivery
) -> None:
    words = page(browser, uncertain)

    assert "The post may be live or not." in words
    assert "look whether the post is there" in words
    assert "It is live at this link" in words
    assert "Send it again" in words


@pytest.mark.parametrize("htmx", [True, False])
def test_it_is_live_is_noted_with_its_link(
    browser: Client, uncertain: Delivery, *, htmx: bool
) -> None:
    answer = post(browser, uncertain, "live", htmx=htmx, link=LINK)

    assert answer.status_code == (HTTPStatus.OK if htmx else HTTPStatus.FOUND)
    settled = again(uncertain)
    assert (settled.state, settled.url, settled.proof) == (S.DELIVERED, LINK, "person")
    words = answer.content.decode() if htmx else page(browser, uncertain)
    assert f'href="{LINK}"' in words
    assert "found it on the platform" in words


@pytest.mark.parametrize(
    "typed", ["", "not a link", "javascript:alert(1)", "https://", "ftp://a.example/", "x" * 1025]
)
def test_a_wrong_link_is_refused_and_kept_in_the_field(
    browser: Client, uncertain: Delivery, typed: str
) -> None:
    answer = post(browser, uncertain, "live", link=typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'value="{typed}"' in answer.content.decode() or not typed
    assert 'aria-invalid="true"' in answer.content.decode()
    assert again(uncertain).state == S.UNCERTAIN


@pytest.mark.parametrize(("then", "state"), [("send_again", S.DUE), ("leave", S.FAILED)])
def test_it_is_not_live_is_sent_again_or_left(
    browser: Client, uncertain: Delivery, then: str, state: S
) -> None:
    with clock.at(clock.now() + LATER):
        answer = post(browser, uncertain, "not-live", then=then)

    assert answer.status_code == HTTPStatus.FOUND
    assert again(uncertain).state == state


def test_not_live_needs_a_choice_between_sending_and_leaving(
    browser: Client, uncertain: Delivery
) -> None:
    with clock.at(clock.now() + LATER):
        answer = post(browser, uncertain, "not-live")

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert again(uncertain).state == S.UNCERTAIN


def test_it_is_not_live_cannot_be_said_moments_after_it_was_sent(
    browser: Client, uncertain: Delivery
) -> None:
    answer = post(browser, uncertain, "not-live", then="send_again")

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "It was sent moments ago and may still appear." in answer.content.decode()
    assert again(uncertain).state == S.UNCERTAIN


def test_what_is_settled_is_not_settled_again(browser: Client, uncertain: Delivery) -> None:
    post(browser, uncertain, "live", link=LINK)

    for what, said in (
        ("live", {"link": "https://other.example/2"}),
        ("not-live", {"then": "leave"}),
    ):
        answer = post(browser, uncertain, what, htmx=True, **said)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "This was settled in the meantime." in answer.content.decode()
    assert again(uncertain).url == LINK


def test_a_failed_delivery_is_tried_again_and_goes_out(
    scene: Scene, browser: Client, failed: Delivery
) -> None:
    assert post(browser, failed, "retry").status_code == HTTPStatus.FOUND
    work_off()

    assert again(failed).state == S.DELIVERED
    assert len(scene.ledger()) == 1
    refused = post(browser, failed, "retry")
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Only what failed can be tried again." in refused.content.decode()


def test_a_failed_delivery_is_left_and_no_longer_asks(browser: Client, failed: Delivery) -> None:
    answer = post(browser, failed, "leave", htmx=True)

    assert "Nothing more happens by itself." in answer.content.decode()
    assert not again(failed).needs_person


def test_a_waiting_delivery_is_cancelled_and_a_live_one_is_not(
    scene: Scene, browser: Client
) -> None:
    [waiting] = scene.scheduled(scene.channel("bac"), due_at=clock.now() + LATER)
    [live] = scene.scheduled(scene.channel("nam"))
    work_off()

    assert post(browser, waiting, "cancel").status_code == HTTPStatus.FOUND
    refused = post(browser, live, "cancel")

    assert again(waiting).state == S.CANCELLED
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "It is already live, so it cannot be cancelled." in refused.content.decode()


def test_what_may_be_live_is_not_cancelled(browser: Client, uncertain: Delivery) -> None:
    refused = post(browser, uncertain, "cancel")

    assert refused.status_code == HTTPStatus.CONFLICT
    assert "It may already be live. Settle that first." in refused.content.decode()


@pytest.mark.parametrize("what", ["live", "not-live", "retry", "leave"])
def test_an_editor_may_not_settle(scene: Scene, uncertain: Delivery, what: str) -> None:
    ben = signed_in(a_member(scene.workspace, "editor"))

    assert post(ben, uncertain, what, link=LINK).status_code == HTTPStatus.FORBIDDEN
    assert "An owner or a manager" in page(ben, uncertain)
