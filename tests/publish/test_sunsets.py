"""What the practice network announces about its interface reaches Health, alerts and Today."""

from datetime import timedelta

import pytest

from loa.channels.actions import check_channel
from loa.channels.models import Channel
from loa.ops import clock, fence
from loa.site.doctor import product
from loa.site.doctor.outcome import Level
from loa.watch import actions as watch
from loa.watch.models import Alert
from practice_network.testing import Running
from tests.cast import signed_in
from tests.publish.scene import Scene, a_scene, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def announce(scene: Scene, *, days: int | None) -> None:
    at = clock.now() + timedelta(days=days or 0)
    ordered = {} if days is None else {"ends_at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    scene.practice.client.add_fault("sunset", **ordered)


def health(scene: Scene) -> str:
    browser = signed_in(scene.ana)
    return browser.get(f"/w/{scene.workspace.slug}/health/").content.decode()


def kept(scene: Scene, channel: Channel) -> Channel:
    with fence.inside(scene.workspace.pk):
        return Channel.objects.select_related("grant", "workspace").get(pk=channel.pk)


def alerts(scene: Scene) -> list[str]:
    watch.look()
    with fence.inside(scene.workspace.pk):
        return list(Alert.objects.filter(over_at=None).values_list("kind", flat=True))


def test_without_an_announcement_health_says_nothing_of_it(scene: Scene) -> None:
    scene.scheduled(channel := scene.channel())
    work_off()

    assert kept(scene, channel).api_end is None
    assert "Interfaces that end" not in health(scene)
    assert alerts(scene) == []


def test_an_end_heard_while_publishing_is_shown_and_told(scene: Scene) -> None:
    channel = scene.channel()
    announce(scene, days=20)
    scene.scheduled(channel)

    work_off()

    assert (kept(scene, channel).api_end or {})["version"] == "v1"
    page = health(scene)
    assert "Interfaces that end" in page
    assert "API v1" in page
    assert alerts(scene) == ["api_ending"]
    today = signed_in(scene.ana).get(f"/w/{scene.workspace.slug}/today/").content.decode()
    assert "Practice network ends its API v1 on" in today


def test_an_end_heard_at_a_check_is_shown_and_not_told_before_its_time(scene: Scene) -> None:
    channel = scene.channel()
    announce(scene, days=40)

    with fence.inside(scene.workspace.pk):
        check_channel(kept(scene, channel))

    assert "Interfaces that end" in health(scene)
    assert alerts(scene) == []
    with clock.at(clock.now() + timedelta(days=11)):
        assert alerts(scene) == ["api_ending"]


def test_an_interface_without_a_day_is_shown_as_outdated_and_alerts_nobody(scene: Scene) -> None:
    channel = scene.channel()
    announce(scene, days=None)

    with fence.inside(scene.workspace.pk):
        check_channel(kept(scene, channel))

    assert "outdated, no day named yet" in health(scene)
    assert alerts(scene) == []


def test_the_doctor_names_what_ends_within_a_month(scene: Scene) -> None:
    announce(scene, days=20)
    scene.scheduled(scene.channel())
    before = product._interfaces()
    work_off()

    after = product._interfaces()

    assert (before.level, after.level) == (Level.OK, Level.WARN)
    assert "Practice network (20" in after.sentence
    with clock.at(clock.now() - timedelta(days=11)):
        assert product._interfaces().level == Level.OK
