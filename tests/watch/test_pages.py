"""Health and alerts as pages: what is unknown says so, what is typed wrong is told and kept."""

import pytest

from loa.ops import clock, fence
from loa.publish.models import Delivery
from loa.publish.queries.fullest import fullest_quotas
from loa.watch.models import AlertRule, Destination
from loa.workspace.models import Workspace
from tests import cast
from tests.watch import scene
from tests.watch.receiver import Receiver


def page(workspace: Workspace, place: str) -> str:
    return cast.signed_in(cast.ana(workspace)).get(f"/w/{workspace.slug}/{place}").content.decode()


def post(workspace: Workspace, place: str, **values: str) -> str:
    client = cast.signed_in(cast.ana(workspace))
    return client.post(f"/w/{workspace.slug}/{place}", values, follow=True).content.decode()


def test_without_a_delivery_the_delay_is_unavailable_and_not_zero(bakery: Workspace) -> None:
    shown = page(bakery, "health/")

    assert shown.count("Unavailable") >= 5  # four figures of delay, and the backup
    assert "0.0 s" not in shown


def test_a_channel_shows_how_much_of_its_quota_it_used(bakery: Workspace) -> None:
    channel = cast.a_channel(bakery, platform="mastodon")
    with fence.inside(bakery.pk):
        before = fullest_quotas(bakery, [channel], now=clock.now())

    assert before == {channel.pk: 0.0}
    assert "0.0 %" in page(bakery, "health/")


def test_how_late_posts_were_and_how_often_it_failed(bakery: Workspace) -> None:
    ids = scene.failed_deliveries(cast.a_channel(bakery), 2)
    now = clock.now()
    with fence.inside(bakery.pk):
        Delivery.all_work.filter(pk=ids[0]).update(
            state="delivered", external_id="1", due_at=now, scheduled_at=now, delivered_at=now
        )
    scene.tries(ids[0], bakery, ["ok", "ok", "ok", "refused"], now)

    shown = page(bakery, "health/")

    assert "last hour, 1 post<" in shown
    assert "25.0 %" in shown
    assert "1 of 4" in shown
    assert "Failed" in shown


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("email", {"address": "nobody"}, "valid email"),
        ("webhook", {"url": "javascript:alert(1)"}, "begins with https://"),
        ("webhook", {"url": "https://user:pass@host/"}, "begins with https://"),
        ("webhook", {"url": "https://a.example/", "signing_key": "short"}, "16 characters"),
        ("telegram", {"token": "x/../y"}, "A bot token looks like"),
        ("telegram", {"chat": "the team"}, "A chat is a number"),
        ("slack", {"url": "https://["}, "begins with https://"),
        ("email", {"quiet_from": "22:00"}, "Quiet hours need both times"),
    ],
)
def test_what_cannot_be_a_destination_is_told_and_kept(
    bakery: Workspace, kind: str, values: dict[str, str], sentence: str
) -> None:
    shown = post(bakery, f"alerts/add/{kind}/", name="Kept words", **values)

    assert sentence in shown
    assert "Kept words" in shown
    with fence.inside(bakery.pk):
        assert not Destination.objects.in_workspace(bakery).exists()


def test_a_destination_is_added_tried_switched_off_and_removed(
    bakery: Workspace, receiver: Receiver
) -> None:
    added = post(
        bakery,
        "alerts/add/webhook/",
        name="Night shift",
        url=f"{receiver.url}/alerts?key=secret",
        signing_key="sixteen letters!",
    )
    with fence.inside(bakery.pk):
        place = Destination.objects.in_workspace(bakery).get()
    assert "Night shift" in added
    assert "secret" not in added

    where = f"alerts/destinations/{place.pk}"
    assert "The test was taken" in post(bakery, f"{where}/test/")
    receiver.status = 404
    assert "The other side refused the message. Check what was entered. (HTTP 404)" in post(
        bakery, f"{where}/test/"
    )
    assert "Switched off" in post(bakery, f"{where}/switch/", on="0")
    assert "Nobody is told yet" in post(bakery, f"{where}/remove/")


def test_rules_are_kept_within_their_bounds(bakery: Workspace) -> None:
    values = {
        "delivery_on": "on",
        "channel_lost_on": "on",
        "nothing_sent_limit": "15",
        "nothing_sent_on": "on",
        "grant_ending_limit": "14",
        "api_ending_limit": "30",
        "error_rate_limit": "50",
        "error_rate_least": "20",
        "disk_low_limit": "5",
        "backup_old_limit": "3",
    }
    refused = post(bakery, "alerts/rules/", **(values | {"nothing_sent_limit": "1"}))
    assert "Use at least 2." in refused

    assert "Saved." in post(bakery, "alerts/rules/", **values)

    with fence.inside(bakery.pk):
        kept = AlertRule.objects.in_workspace(bakery).get(kind="nothing_sent")
    assert (kept.is_on, kept.limit) == (True, 15)


def test_an_editor_sees_neither(bakery: Workspace) -> None:
    client = cast.signed_in(cast.ben(bakery))

    assert client.get(f"/w/{bakery.slug}/health/").status_code == 403
    assert client.get(f"/w/{bakery.slug}/alerts/").status_code == 403
    assert "/health/" not in client.get(f"/w/{bakery.slug}/deliveries/").content.decode()
