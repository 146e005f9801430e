"""The log of deliveries and their receipts, as pages."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.models import Attempt, Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.views.counts import needing_a_person
from practice_network.testing import Running
from tests.cast import a_member, omar, signed_in
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# channels, campaigns, how many in each view, which ones, the rows, and the rail's count
LOG_QUERIES = 6
# the delivery, its parts, its first comment, its attempts, and the rail's count
RECEIPT_QUERIES = 5


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


@pytest.fixture
def browser(scene: Scene) -> Client:
    return signed_in(scene.ana)


def read(browser: Client, scene: Scene, path: str = "") -> str:
    answer = browser.get(f"/w/{scene.workspace.slug}/deliveries/{path}")
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def test_a_delivered_post_is_in_the_log_with_its_proof_on_the_receipt(
    scene: Scene, browser: Client
) -> None:
    [delivery] = scene.scheduled(scene.channel())
    work_off()

    log, receipt = read(browser, scene), read(browser, scene, f"{delivery.pk}/")

    live = again(delivery)
    assert "Bánh mì nóng đây!" in log
    assert f'href="{live.url}"' in receipt
    assert live.external_id in receipt
    assert "It is live: the platform confirmed it." in receipt
    assert "Asked to publish" in receipt


def test_the_log_is_narrowed_by_state_and_channel_and_says_so_in_its_addresses(
    scene: Scene, browser: Client
) -> None:
    north, south = scene.channel("bac"), scene.channel("nam")
    scene.scheduled(north, text="Gone out in the north")
    work_off()
    scene.scheduled(south, text="Planned in the south", due_at=clock.now() + HOUR)

    assert "Planned in the south" not in read(browser, scene)
    waiting = read(browser, scene, f"?state=waiting&channel={south.pk}")
    assert "Planned in the south" in waiting
    assert f"state=delivered&amp;channel={south.pk}" in waiting
    assert "No such delivery" in read(browser, scene, f"?state=delivered&channel={south.pk}")
    assert "Gone out in the north" in read(browser, scene, f"?channel={north.pk}")


@pytest.mark.parametrize("nonsense", ["state=lost", "channel=x", "channel=9" * 30, "page=-1"])
def test_nonsense_in_the_address_is_left_out(scene: Scene, browser: Client, nonsense: str) -> None:
    assert "Nothing has gone out yet" in read(browser, scene, f"?{nonsense}")


def count_reads(browser: Client, scene: Scene, path: str = "") -> tuple[int, int]:
    """Return how many queries a page takes about deliveries and channels, and in all."""
    read(browser, scene, path)  # the first visit also founds the session
    with CaptureQueriesContext(connection) as captured:
        read(browser, scene, path)
    asked = [query["sql"] for query in captured]
    tables = ('FROM "publish_', 'FROM "channels_', 'FROM "content_', 'FROM "library_')
    return sum(any(table in sql for table in tables) for sql in asked), len(asked)


def test_the_log_takes_as_many_queries_for_one_delivery_as_for_many(
    scene: Scene, browser: Client
) -> None:
    channel = scene.channel()
    scene.scheduled(channel, first_comment="Recipe below")
    work_off()
    about_one = count_reads(browser, scene)

    for number in range(4):
        scene.scheduled(channel, text=f"Loaf {number}", first_comment="More")
    work_off()

    assert "Loaf 3" in read(browser, scene)
    assert count_reads(browser, scene) == about_one
    assert about_one[0] == LOG_QUERIES


def test_the_log_is_shown_thirty_at_a_time(scene: Scene, browser: Client) -> None:
    channel = scene.channel()
    for number in range(31):
        scene.scheduled(channel, text=f"Loaf {number}", due_at=clock.now() + HOUR + HOUR * number)

    first = read(browser, scene, "?state=waiting")
    assert "Loaf 0" in first
    assert "Loaf 30" not in first
    [onward] = re.findall(r'rel="next" href="[^"]*(\?state=waiting&amp;after=[^"]+)"', first)
    assert "Loaf 30" in read(browser, scene, html.unescape(onward))


def test_a_receipt_shows_the_words_that_were_frozen_not_those_of_today(
    scene: Scene, browser: Client
) -> None:
    [delivery] = scene.scheduled(scene.channel(), text="As it went out")
    work_off()
    post = delivery.post
    post.shared = {"form": 1, "parts": [{"caption": "Changed since", "attachments": []}]}
    post.save()

    receipt = read(browser, scene, f"{delivery.pk}/")

    assert "As it went out" in receipt
    assert "Changed since" not in receipt


def test_a_thread_shows_each_part_with_its_state_and_its_link(
    scene: Scene, browser: Client
) -> None:
    scene.practice.client.add_fault(
        "status", operation="create_post", when="before", status=422, skip=1
    )
    [delivery] = scene.scheduled(scene.channel(), parts=["One", "Two", "Three"])
    work_off()

    receipt = read(browser, scene, f"{delivery.pk}/")

    assert "1 of 3 parts are live" in receipt
    assert again(delivery).parts.get(position=0).url in receipt
    assert receipt.count("Open this part") == 1
    assert receipt.count("Not sent") == 2
    assert count_reads(browser, scene, f"{delivery.pk}/")[0] == RECEIPT_QUERIES


def test_a_first_comment_has_a_receipt_of_its_own_linked_both_ways(
    scene: Scene, browser: Client
) -> None:
    [delivery] = scene.scheduled(scene.channel(), first_comment="Recipe below")
    work_off()
    comment = Delivery.all_work.get(after=delivery)

    assert f"/deliveries/{comment.pk}/" in read(browser, scene, f"{delivery.pk}/")
    of_comment = read(browser, scene, f"{comment.pk}/")
    assert "Recipe below" in of_comment
    assert f"/deliveries/{delivery.pk}/" in of_comment


def test_a_failed_delivery_says_what_happened_whether_it_is_live_and_what_to_do(
    scene: Scene, browser: Client
) -> None:
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)
    [delivery] = scene.scheduled(scene.channel())
    work_off()
    assert again(delivery).state == S.FAILED

    receipt = read(browser, scene, f"{delivery.pk}/")

    assert "It is not live." in receipt
    assert "Try again now" in receipt
    assert "Leave it" in receipt


def test_evidence_never_shows_a_token(scene: Scene, browser: Client) -> None:
    scene.practice.client.add_fault("dead_token", account="banhmi", count=None)
    channel = scene.channel()
    code = scene.practice.client.open_account("other").access_code
    [delivery] = scene.scheduled(channel)
    work_off()

    receipt = read(browser, scene, f"{delivery.pk}/")

    assert Attempt.objects.filter(delivery=delivery).exists()
    assert code not in receipt
    assert "Authorization" not in receipt
    assert "Bearer" not in receipt


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere", "http://["]
)
def test_a_link_that_leads_to_no_page_is_not_offered(
    scene: Scene, browser: Client, url: str
) -> None:
    [delivery] = scene.scheduled(scene.channel())
    work_off()
    Delivery.objects.filter(pk=delivery.pk).update(url=url)

    assert "Open the live post" not in read(browser, scene, f"{delivery.pk}/")
    assert url not in read(browser, scene)


def test_a_post_lists_its_deliveries_for_other_pages(scene: Scene, browser: Client) -> None:
    [one, two] = scene.scheduled(
        scene.channel("bac"), scene.channel("nam"), first_comment="Recipe below"
    )
    work_off()

    answer = browser.get(f"/w/{scene.workspace.slug}/posts/{one.post_id}/deliveries/")

    lines = answer.content.decode()
    assert lines.count("receipt-line-") == 4
    assert f"/deliveries/{two.pk}/" in lines
    assert 'data-live="delivery"' in lines
    assert "<html" not in lines


@pytest.mark.parametrize("kind", ["due", "paused", "channel"])
def test_what_waits_says_why(scene: Scene, browser: Client, kind: str) -> None:
    channel = scene.channel()
    [delivery] = scene.scheduled(channel, due_at=clock.now() + HOUR)
    if kind == "paused":
        actions.pause_all(scene.workspace, by=scene.ana)
    elif kind == "channel":
        actions.pause_channel(channel, by=scene.ana)
    words = {
        "due": "It goes out by itself at",
        "paused": "It waits because all sending is paused.",
        "channel": "It waits because its channel is paused.",
    }

    assert words[kind] in read(browser, scene, f"{delivery.pk}/")


def test_the_rail_counts_what_needs_a_person(scene: Scene, browser: Client) -> None:
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)
    scene.scheduled(scene.channel())
    assert "Nothing needs a decision" in read(browser, scene, "?state=needs_person")
    work_off()

    log = read(browser, scene, "?state=needs_person")

    assert "your decision" in log
    request = RequestFactory().get("/")
    request.workspace = scene.workspace  # type: ignore[attr-defined]  # as the gate sets it
    assert needing_a_person(request).count() == 1


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_settle_sees_the_receipt_without_the_buttons(scene: Scene, role: str) -> None:
    scene.practice.client.add_fault("status", operation="create_post", when="before", status=422)
    [delivery] = scene.scheduled(scene.channel())
    work_off()
    somebody = signed_in(a_member(scene.workspace, role))

    receipt = read(somebody, scene, f"{delivery.pk}/")

    assert "It is not live." in receipt
    assert "Try again now" not in receipt
    refused = somebody.post(f"/w/{scene.workspace.slug}/deliveries/{delivery.pk}/retry/")
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_a_delivery_of_another_workspace_does_not_exist(scene: Scene, browser: Client) -> None:
    [delivery] = scene.scheduled(scene.channel(), due_at=clock.now() + HOUR)
    stranger = omar()

    elsewhere = f"/w/{stranger.workspace.slug}/deliveries/{delivery.pk}/"

    assert signed_in(stranger).get(elsewhere).status_code == HTTPStatus.NOT_FOUND
    assert browser.get(elsewhere).status_code == HTTPStatus.NOT_FOUND
