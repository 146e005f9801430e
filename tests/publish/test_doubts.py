"""Lost answers: what may be live is looked up, and nothing is ever sent twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Pace
from loa.publish.models import Attempt, Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

MINUTE = timedelta(minutes=1)
CLASSES = ["native_key", "client_id", "handle_read_back", "feed_read_back", "none"]
READABLE = CLASSES[:-1]


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


def lost(scene: Scene, idempotency: str, *, fault: str = "drop", **order: object) -> Delivery:
    """Send a post whose answer is lost."""
    scene.practice.client.add_fault(fault, operation="create_post", **({"when": "after"} | order))
    [delivery] = scene.scheduled(scene.channel(idempotency=idempotency))
    work_off(Pace())
    return again(delivery)


@pytest.mark.parametrize("idempotency", CLASSES)
@pytest.mark.parametrize(
    ("fault", "order"),
    [
        ("drop", {}),
        ("reset", {}),
        ("truncate", {}),
        ("status", {"status": 502}),
        ("malformed_body", {"body": "half_json"}),
    ],
)
def test_an_accepted_post_whose_answer_was_lost_is_never_sent_twice(
    scene: Scene, idempotency: str, fault: str, order: dict[str, object]
) -> None:
    """Fault F2 for every class: 10 of 10 duplicated in the nearest peer."""
    doubtful = lost(scene, idempotency, fault=fault, **order)
    assert doubtful.unproven_since is not None

    for minutes in (2, 4, 6):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)

    assert len(scene.ledger()) == 1
    settled = again(doubtful)
    if idempotency == "none":
        assert (settled.state, settled.needs_person) == (S.UNCERTAIN, True)
    else:
        assert settled.state == S.DELIVERED
        assert settled.external_id == scene.practice.client.posts_in_ledger()[0]["subject"]


@pytest.mark.parametrize("idempotency", READABLE)
def test_a_post_that_never_arrived_is_sent_after_two_clean_misses(
    scene: Scene, idempotency: str
) -> None:
    doubtful = lost(scene, idempotency, when="before")

    for minutes in (2, 4, 6):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)

    assert len(scene.ledger()) == 1
    assert again(doubtful).state == S.DELIVERED
    misses = Attempt.objects.filter(outcome="missing").count()
    assert misses == (0 if idempotency == "native_key" else 2)


def test_one_clean_miss_is_not_enough(scene: Scene) -> None:
    doubtful = lost(scene, "feed_read_back", when="before")

    work_off(Pace(), at=clock.now() + 2 * MINUTE)
    work_off(Pace(), at=clock.now() + 2 * MINUTE + timedelta(seconds=30))

    assert (again(doubtful).state, again(doubtful).clean_misses) == (S.UNCERTAIN, 1)
    assert scene.ledger() == []


def test_could_not_look_is_not_missing(scene: Scene) -> None:
    """ "Read failed" is not "not there"."""
    doubtful = lost(scene, "feed_read_back", when="before")
    scene.practice.client.add_fault("status", operation="list_posts", count=None, status=503)

    for minutes in (2, 4, 8, 16, 32, 59):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)
    patient = again(doubtful)
    work_off(Pace(), at=clock.now() + 75 * MINUTE)

    assert (patient.state, patient.clean_misses, patient.needs_person) == (S.UNCERTAIN, 0, False)
    assert again(doubtful).needs_person
    assert scene.ledger() == []


def test_a_native_key_is_not_used_after_55_minutes_but_looked_up(scene: Scene) -> None:
    doubtful = lost(scene, "native_key")

    work_off(Pace(), at=clock.now() + 56 * MINUTE)

    steps = list(Attempt.objects.order_by("pk").values_list("step", "outcome"))
    assert steps == [("publish", "uncertain"), ("look_up", "ok")]
    assert again(doubtful).state == S.DELIVERED
    assert again(doubtful).proof == "read_back"


def test_a_lost_answer_in_a_thread_is_settled_and_the_thread_goes_on(scene: Scene) -> None:
    channel = scene.channel(idempotency="feed_read_back")
    scene.practice.client.add_fault("drop", operation="create_post", when="after", skip=1)
    [delivery] = scene.scheduled(channel, parts=["một", "hai", "ba"])

    work_off(Pace())
    work_off(Pace(), at=clock.now() + 2 * MINUTE)

    assert scene.ledger() == ["một", "hai", "ba"]
    assert again(delivery).state == S.DELIVERED


def test_a_lost_answer_of_a_comment_is_settled_without_touching_the_post(scene: Scene) -> None:
    channel = scene.channel(idempotency="client_id")
    scene.practice.client.add_fault("drop", operation="create_post", when="after", skip=1)
    [delivery] = scene.scheduled(channel, first_comment="Đặt ở đây nhé")

    work_off(Pace())
    work_off(Pace(), at=clock.now() + 2 * MINUTE)

    assert again(delivery).state == S.DELIVERED
    assert Delivery.all_work.get(after=delivery).state == S.DELIVERED
    assert len(scene.ledger()) == 2


def test_what_a_person_settles_by_hand_is_not_touched_again(scene: Scene) -> None:
    doubtful = lost(scene, "none")

    with clock.at(clock.now() + 2 * MINUTE):
        settled = actions.settle_as_live(doubtful, url="https://x.example/1", by=scene.ana)
    work_off(Pace(), at=clock.now() + 9 * MINUTE)

    assert again(settled).state == S.DELIVERED
    assert len(scene.ledger()) == 1


def test_a_person_who_did_not_find_it_may_send_it_again(scene: Scene) -> None:
    doubtful = lost(scene, "none", when="before")

    with clock.at(clock.now() + 2 * MINUTE):
        actions.settle_as_not_live(doubtful, by=scene.ana, resend=True)
    work_off(Pace(), at=clock.now() + 3 * MINUTE)

    assert again(doubtful).state == S.DELIVERED
    assert len(scene.ledger()) == 1


def test_a_part_sent_again_by_a_person_goes_out_under_a_reference_of_its_own(
    scene: Scene,
) -> None:
    channel = scene.channel(idempotency="client_id")
    scene.practice.client.add_fault("drop", operation="create_post", when="before", skip=1)
    [delivery] = scene.scheduled(channel, parts=["một", "hai"])
    work_off(Pace())
    old = delivery.parts.get(position=1).reference

    with clock.at(clock.now() + 2 * MINUTE):
        actions.settle_as_not_live(again(delivery), by=scene.ana, resend=True)
    work_off(Pace(), at=clock.now() + 3 * MINUTE)

    resent = delivery.parts.get(position=1)
    assert scene.ledger() == ["một", "hai"]
    assert resent.external_id == resent.reference != old


def test_two_posts_with_the_same_words_are_told_apart(scene: Scene) -> None:
    channel = scene.channel(idempotency="feed_read_back")
    [first] = scene.scheduled(channel)
    work_off(Pace())
    scene.practice.client.add_fault("drop", operation="create_post", when="before")
    [twin] = scene.scheduled(channel)

    work_off(Pace())
    for minutes in (2, 4, 6):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)

    assert again(first).state == again(twin).state == S.DELIVERED
    assert again(first).external_id != again(twin).external_id
    assert len(scene.ledger()) == 2


def test_a_refused_repeat_does_not_hide_that_the_first_try_may_be_live(scene: Scene) -> None:
    doubtful = lost(scene, "native_key")
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)

    work_off(Pace(), at=clock.now() + MINUTE)
    refused = again(doubtful)
    for minutes in (3, 5):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)

    assert refused.state == S.UNCERTAIN
    assert again(doubtful).state == S.DELIVERED
    assert len(scene.ledger()) == 1
