"""What is wrong opens one alert, whoever looks and how often."""

from datetime import timedelta
from typing import Any

import pytest

from loa.channels.models import Channel, Grant
from loa.ops import backups, clock, fence
from loa.publish.models import Delivery
from loa.watch import actions
from loa.watch.actions import looking
from loa.watch.rules.bars import DEFAULTS, Bar, Kind
from loa.workspace.models import Workspace
from tests import cast
from tests.races import at_once
from tests.watch import scene

HOUR = timedelta(hours=1)


def test_a_failed_delivery_opens_an_alert_for_its_channel(bakery: Workspace) -> None:
    channel = cast.a_channel(bakery, name="Riverside")
    scene.failed_deliveries(channel, 3)

    scene.look()
    scene.look()

    [alert] = scene.alerts(bakery)
    assert (alert.kind, alert.subject, alert.count) == ("delivery", f"channel:{channel.pk}", 3)
    assert alert.facts["channel"] == "Riverside"


def test_it_is_over_when_somebody_decided(bakery: Workspace) -> None:
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    scene.settle(bakery)

    scene.calm_down()

    [alert] = scene.alerts(bakery)
    assert alert.over_at is not None


def test_a_lost_channel_and_one_whose_grant_ends(bakery: Workspace) -> None:
    lost = cast.a_channel(bakery, state=Channel.State.LOST)
    ending = cast.a_channel(bakery, platform="mastodon")
    with fence.inside(bakery.pk):
        Grant.objects.filter(pk=ending.grant_id or 0).update(expires_at=clock.now() + 3 * 24 * HOUR)

    scene.look()

    assert {(one.kind, one.subject) for one in scene.alerts(bakery)} == {
        ("channel_lost", f"channel:{lost.pk}"),
        ("grant_ending", f"channel:{ending.pk}"),
    }


def test_nothing_sent_though_due_is_noticed_unless_it_is_held_back(bakery: Workspace) -> None:
    channel = cast.a_channel(bakery)
    [one] = scene.failed_deliveries(channel)
    long_ago = clock.now() - timedelta(minutes=30)
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=one).update(
            state="due", needs_person=False, due_at=long_ago, ready_at=long_ago
        )
        Channel.objects.filter(pk=channel.pk).update(paused_at=clock.now())
    scene.look()
    assert not scene.alerts(bakery)

    with fence.inside(bakery.pk):
        Channel.objects.filter(pk=channel.pk).update(paused_at=None)
    scene.look()

    [alert] = scene.alerts(bakery)
    assert alert.kind == "nothing_sent"


def test_while_something_is_tried_it_is_not_said_that_nothing_is_sent(bakery: Workspace) -> None:
    [one] = scene.failed_deliveries(cast.a_channel(bakery))
    long_ago = clock.now() - timedelta(minutes=30)
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=one).update(
            state="due", needs_person=False, due_at=long_ago, ready_at=long_ago
        )
    scene.tries(one, bakery, ["ok"], clock.now() - timedelta(minutes=1))

    scene.look()

    assert not scene.alerts(bakery)


def test_a_rate_needs_enough_tries_and_waiting_is_no_failure(bakery: Workspace) -> None:
    [one] = scene.failed_deliveries(cast.a_channel(bakery))
    scene.settle(bakery)
    now = clock.now()
    scene.tries(one, bakery, ["refused"] * 3 + ["ok"] * 3 + ["rate_limited"] * 3, now)
    scene.look()
    assert not scene.alerts(bakery)

    scene.tries(one, bakery, ["not_sent"], now)
    scene.look()

    [alert] = scene.alerts(bakery)
    assert alert.kind == "error_rate"
    assert alert.facts == {"platform": "sandbox", "failed": 4, "tries": 10}


def test_a_backup_is_too_old_only_when_one_is_known(bakery: Workspace, settings: object) -> None:
    home = settings.HOME.path  # type: ignore[attr-defined]  # pytest-django's
    scene.look()
    assert not scene.alerts(bakery)
    backups.note(home, clock.now() - timedelta(days=8))
    try:
        scene.look()
    finally:
        (home / backups.FILE).unlink()

    [alert] = scene.alerts(bakery)
    assert alert.kind == "backup_old"


def test_what_is_switched_off_ends_without_a_word(bakery: Workspace) -> None:
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.a_webhook(bakery, "http://127.0.0.1:9")
    scene.look()
    off = {**DEFAULTS, Kind.DELIVERY: Bar(is_on=False)}

    changed = actions.change_rules(bakery, off, by=cast.ana(bakery))
    scene.look(HOUR)

    assert changed == [Kind.DELIVERY]
    assert not scene.alerts(bakery, over_at=None)
    assert not scene.notices(bakery)


def test_no_workspace_hears_of_anothers_trouble(bakery: Workspace) -> None:
    elsewhere = cast.omar().workspace
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.a_webhook(elsewhere, "http://127.0.0.1:9")

    scene.look()

    assert not scene.alerts(elsewhere)
    assert not scene.notices(elsewhere)


def test_what_is_over_for_months_is_forgotten(bakery: Workspace) -> None:
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    scene.settle(bakery)
    scene.calm_down()

    with clock.ahead(timedelta(days=91)):
        assert actions.forget_old_alerts()

    assert not scene.alerts(bakery)


@pytest.mark.django_db(transaction=True)
@pytest.mark.faults
def test_eight_that_look_at_once_open_one_alert_and_write_one_notice() -> None:
    bakery = cast.a_workspace()
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.a_webhook(bakery, "http://127.0.0.1:9")

    outcomes = at_once(*[actions.look] * 8)

    assert sorted(outcomes, key=str) == [0] * 7 + [1]
    assert len(scene.alerts(bakery)) == 1
    assert len(scene.notices(bakery)) == 1


@pytest.mark.django_db
def test_a_look_costs_the_same_few_questions_for_a_hundred_failures(
    django_assert_max_num_queries: object,
) -> None:
    bakery = cast.a_workspace()
    for _ in range(3):
        scene.failed_deliveries(cast.a_channel(bakery), 20)

    with django_assert_max_num_queries(26):  # type: ignore[operator]  # pytest-django's
        actions.look()


def test_a_workspace_that_cannot_be_judged_hides_nothing_of_the_others(
    bakery: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = cast.omar().workspace
    scene.failed_deliveries(cast.a_channel(elsewhere))
    looks = looking._look_at

    def stumbles(workspace: Workspace, *said: Any) -> int:
        if workspace.pk == bakery.pk:
            raise KeyError("a kind from tomorrow")
        return looks(workspace, *said)

    monkeypatch.setattr(looking, "_look_at", stumbles)
    with pytest.raises(ExceptionGroup):
        actions.look()

    assert [one.kind for one in scene.alerts(elsewhere)] == ["delivery"]
