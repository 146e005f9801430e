"""What a claim reads: a look at each channel, what it takes, and nothing of the backlog behind."""

from datetime import timedelta

import pytest

from loa.channels.models import Channel
from loa.ops import clock, fence
from loa.publish.dispatcher import picking
from loa.publish.dispatcher.session import lasting_cursor
from practice_network.testing import Running
from tests.backlogs import analyse, more_like, rows_read_by_a_claim
from tests.database import TestServer
from tests.publish.scene import HURRIED, Scene, a_scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
CHANNELS = 12


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


@pytest.mark.parametrize("analysed", ["", "before", "with it"])
def test_a_backlog_on_every_channel_is_not_read(
    scene: Scene, database_server: TestServer, analysed: str
) -> None:
    """A claim read all that was due on each channel, and sorted it."""
    firsts = [scene.scheduled(scene.channel(f"tiem{n}"), text="a")[0] for n in range(CHANNELS)]
    if analysed == "before":
        analyse(database_server)
    for first in firsts:
        more_like(first, 2000)
    if analysed == "with it":
        analyse(database_server)

    with fence.everywhere("claim in a test"):
        read = rows_read_by_a_claim(HURRIED)

    # Of each channel: to find it, its first urgent and other, and what is picked, locked, written.
    assert read < CHANNELS * (3 + 4 * HURRIED.depth)


def test_the_channels_of_one_instance_do_not_hide_those_of_another(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all together the first 200 were found, and those may all be of one that hangs."""
    monkeypatch.setattr(picking, "MOST_CHANNELS", 3)
    earlier = clock.now() - timedelta(minutes=4)
    for number in range(5):
        scene.scheduled(scene.channel(f"tiem{number}"), due_at=earlier)
    other = scene.channel("nhanh")
    with fence.inside(scene.workspace.pk):
        Channel.objects.filter(pk=other.pk).update(base_url="https://elsewhere.example")
    scene.scheduled(other)

    with fence.everywhere("look for channels in a test"):
        found = picking.find_channels(
            lasting_cursor(), now=clock.now(), worker=1 << 62, full=frozenset()
        )

    assert [one.origin for one in found[-1:]] == ["https://elsewhere.example"]
    assert len(found) == 4
