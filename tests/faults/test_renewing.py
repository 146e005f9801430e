"""F9 where grants are renewed: a token ends in mid-flight and several ask for a new one at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from types import SimpleNamespace
from typing import cast

import pytest

from loa.channels.actions import check_channel, disconnect_channel, mark_lost, renew_grant
from loa.channels.models import Channel, Grant
from loa.connectors import transport
from loa.connectors.errors import ChannelLost
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Worker
from loa.publish.dispatcher.opening import OpenChannels
from loa.publish.dispatcher.work import Work
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.actions import open_for
from loa.workspace.models import Workspace
from tests.cast import a_channel, a_post, a_workspace, the_owner
from tests.faults.dialects import DID, Dialects, dialects
from tests.faults.workers import all_work, eventually
from tests.publish.scene import HURRIED
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def server() -> Iterator[Dialects]:
    with dialects() as running:
        transport.configure(allowed_origins=[running.base_url])
        running.pair = 1
        yield running


@pytest.fixture
def workspace() -> Workspace:
    return a_workspace()


@pytest.fixture
def channel(server: Dialects, workspace: Workspace) -> Channel:
    """A channel with the pair of tokens that the server takes."""
    with fence.inside(workspace.pk):
        made = a_channel(
            workspace,
            platform="bluesky",
            base_url=server.base_url,
            handle=DID,
            secret=pair(1),
        )
        Channel.objects.filter(pk=made.pk).update(external_id=DID)
        return Channel.objects.get(pk=made.pk)


def pair(number: int) -> dict[str, str]:
    """Return the tokens of that number."""
    return {"access_jwt": f"access {number}", "refresh_jwt": f"refresh {number}"}


def kept(channel: Channel) -> tuple[str, dict[str, str]]:
    """Return the state of a channel, and the secret that is kept for it."""
    with fence.inside(channel.workspace_id):
        now = read(channel)
        assert now.grant is not None
        sealed, row = now.grant.sealed_secret, now.grant.pk
        return now.state, open_for(now.workspace, sealed, table="channels_grant", row=row)


def kept_state(channel: Channel) -> str:
    """Return the state of a channel, which may have no secret any more."""
    with fence.inside(channel.workspace_id):
        return read(channel).state


def read(channel: Channel) -> Channel:
    """Return a channel as somebody reads it who is about to ask the platform."""
    return Channel.objects.select_related("grant", "workspace").get(pk=channel.pk)


@pytest.mark.parametrize("inside", [fence.inside, lambda _: fence.everywhere("renew in a test")])
def test_many_who_renew_a_grant_at_once_ask_for_it_once(
    channel: Channel, server: Dialects, inside: Callable[[int], AbstractContextManager[None]]
) -> None:
    def renew() -> None:
        with inside(channel.workspace_id):
            renew_grant(read(channel))

    outcomes = at_once(*[renew] * 6)

    assert outcomes == [None] * 6
    assert server.refreshes == 1
    assert kept(channel) == (Channel.State.CONNECTED, pair(2))


def test_many_who_find_a_token_ended_ask_for_a_new_one_once(
    channel: Channel, server: Dialects
) -> None:
    def check() -> None:
        with fence.inside(channel.workspace_id):
            check_channel(read(channel))

    server.access_ended = True

    outcomes = at_once(*[check] * 6)

    assert outcomes == [None] * 6
    assert server.refreshes == 1
    assert kept(channel) == (Channel.State.CONNECTED, pair(2))


def test_who_asked_with_an_old_token_takes_the_new_one_that_another_got(
    channel: Channel, server: Dialects
) -> None:
    with fence.inside(channel.workspace_id):
        slow = read(channel)
        renew_grant(read(channel))

        check_channel(slow)

    assert server.refreshes == 1
    assert kept(channel) == (Channel.State.CONNECTED, pair(2))


def test_who_asked_with_the_grant_before_a_new_one_does_not_disconnect_the_channel(
    channel: Channel, server: Dialects
) -> None:
    """A person connects anew while a check is under way: what it held is gone."""
    server.pair = 5
    with fence.inside(channel.workspace_id):
        slow = read(channel)
        former = slow.grant_id or 0
        anew = a_channel(channel.workspace, platform="bluesky", secret=pair(5))
        Channel.objects.filter(pk=channel.pk).update(grant=anew.grant)
        anew.delete()
        Grant.objects.filter(pk=former).delete()

    with fence.inside(channel.workspace_id):
        check_channel(slow)

    assert server.refreshes == 0
    assert kept(channel) == (Channel.State.CONNECTED, pair(5))


def test_a_refusal_of_the_grant_before_a_new_one_does_not_mark_the_channel_lost(
    channel: Channel,
) -> None:
    """The refusal comes while the person's new grant is just being written."""
    with fence.inside(channel.workspace_id):
        slow = read(channel)
        anew = a_channel(channel.workspace, platform="bluesky", secret=pair(5))
        Channel.objects.filter(pk=channel.pk).update(grant=anew.grant)

        mark_lost(slow, code="grant.withdrawn", detail="the session ended")

        assert read(channel).state == Channel.State.CONNECTED


@pytest.mark.parametrize("state", [Channel.State.DISCONNECTED, Channel.State.LOST])
def test_a_check_that_was_under_way_takes_nothing_back_that_happened_meanwhile(
    channel: Channel, server: Dialects, state: Channel.State
) -> None:
    answers = server.answers = threading.Event()

    def check() -> None:
        with fence.inside(channel.workspace_id):
            check_channel(read(channel))

    def meanwhile() -> None:
        server.asked.wait(30)
        with fence.inside(channel.workspace_id):
            if state == Channel.State.LOST:
                mark_lost(read(channel), code="grant.withdrawn", detail="a post was refused")
            else:
                disconnect_channel(read(channel), by=the_owner(channel.workspace))
        answers.set()

    outcomes = at_once(check, meanwhile)

    assert outcomes == [None, None]
    assert kept_state(channel) == state


def test_a_grant_that_cannot_be_renewed_is_lost_however_many_ask(
    channel: Channel, server: Dialects
) -> None:
    def check() -> None:
        with fence.inside(channel.workspace_id), suppress(ChannelLost):
            check_channel(read(channel))

    server.pair = 9

    at_once(*[check] * 3)

    assert kept(channel) == (Channel.State.LOST, pair(1))


def test_what_was_opened_during_a_renewal_is_opened_anew_after_it(
    channel: Channel, server: Dialects
) -> None:
    named = {"workspace_id": channel.workspace_id, "channel_id": channel.pk, "platform": "bluesky"}
    work = cast("Work", SimpleNamespace(**named))
    channels = OpenChannels()
    opened = channels.open(work)

    def meanwhile() -> None:
        server.asked.wait(30)
        channels.open_ahead([work])

    outcomes = at_once(lambda: channels.renew(opened), meanwhile)

    assert outcomes == [None, None]
    assert channels.open(work).ref.secret == pair(2)


def test_a_token_that_ends_between_posts_is_renewed_once_and_nothing_is_lost_or_sent_twice(
    channel: Channel, server: Dialects
) -> None:
    with fence.inside(channel.workspace_id):
        owner = the_owner(channel.workspace)
        for number in range(8):
            post = a_post(
                channel.workspace, text=f"bài {number}", channels=(channel,), due_at=clock.now()
            )
            actions.schedule_post(post, by=owner)
    server.access_ends_after = 3

    workers = [Worker(HURRIED), Worker(HURRIED)]
    for worker in workers:
        worker.start()
    try:
        assert eventually(lambda: {one.state for one in all_work()} == {S.DELIVERED}, within_s=60)
    finally:
        for worker in workers:
            worker.stop()

    assert sorted(server.texts()) == [f"bài {number}" for number in range(8)]
    assert server.refreshes == 1
    assert kept(channel) == (Channel.State.CONNECTED, pair(2))
