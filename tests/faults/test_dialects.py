"""F2 for Mastodon and Bluesky: their own connectors against servers that speak their dialect."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loa.channels.models import Channel
from loa.connectors import transport
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Pace
from loa.publish.models import Attempt, Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import Workspace
from tests.cast import a_channel, a_post, a_workspace, the_owner
from tests.faults.dialects import DID, Dialects, dialects
from tests.publish.scene import again, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

PLATFORMS = ["mastodon", "bluesky"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def servers() -> Iterator[Dialects]:
    with dialects() as running:
        transport.configure(allowed_origins=[running.base_url])
        yield running


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    made = a_workspace()
    with fence.inside(made.pk):
        yield made


def channel_on(platform: str, servers: Dialects, workspace: Workspace) -> Channel:
    handle = DID if platform == "bluesky" else "riverside"
    channel = a_channel(
        workspace,
        platform=platform,
        base_url=servers.base_url,
        handle=handle,
        secret={"access_token": "riverside", "access_jwt": "jwt", "refresh_jwt": "jwt"},
    )
    Channel.objects.filter(pk=channel.pk).update(external_id=handle)
    channel.refresh_from_db()
    return channel


def sent(channel: Channel, *texts: str) -> Delivery:
    """Schedule a post (a thread of `texts`) for now, and work off what is due."""
    post = a_post(channel.workspace, text=texts[0], channels=(channel,), due_at=clock.now())
    if len(texts) > 1:
        post.shared = {"parts": [{"caption": text} for text in texts]}
        post.save()
    [delivery] = actions.schedule_post(post, by=the_owner(channel.workspace))
    work_off(Pace())
    return again(delivery)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_thread_is_published_once(platform: str, servers: Dialects, workspace: Workspace) -> None:
    delivery = sent(channel_on(platform, servers, workspace), "một", "hai")

    assert delivery.state == S.DELIVERED
    assert servers.texts() == ["một", "hai"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_lost_answer_is_settled_without_a_second_post(
    platform: str, servers: Dialects, workspace: Workspace
) -> None:
    servers.lose = 1

    delivery = sent(channel_on(platform, servers, workspace), "một", "hai")
    for minutes in (2, 4, 6):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)

    assert delivery.state == S.UNCERTAIN
    assert again(delivery).state == S.DELIVERED
    assert servers.texts() == ["một", "hai"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_post_that_never_arrived_is_sent_again_once(
    platform: str, servers: Dialects, workspace: Workspace
) -> None:
    servers.drop = 1

    delivery = sent(channel_on(platform, servers, workspace), "một")
    for minutes in (2, 4, 6):
        work_off(Pace(), at=clock.now() + minutes * MINUTE)

    assert again(delivery).state == S.DELIVERED
    assert servers.texts() == ["một"]
    looked = Attempt.objects.filter(step="look_up").count()
    assert looked == (0 if platform == "mastodon" else 2)


def test_mastodon_is_looked_up_when_its_key_has_expired(
    servers: Dialects, workspace: Workspace
) -> None:
    servers.lose = 1

    delivery = sent(channel_on("mastodon", servers, workspace), "một")
    work_off(Pace(), at=clock.now() + 56 * MINUTE)

    assert (again(delivery).state, again(delivery).proof) == (S.DELIVERED, "read_back")
    assert servers.texts() == ["một"]
