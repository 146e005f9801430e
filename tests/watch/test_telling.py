"""What is told arrives once, together, and a destination that misbehaves harms nothing."""

import hashlib
import hmac
from datetime import time, timedelta

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from loa.channels.models import Channel
from loa.connectors import transport
from loa.ops import clock, fence
from loa.watch import actions, wording
from loa.watch.models import Alert, Destination
from loa.watch.rules import pacing
from loa.workspace.models import Workspace
from tests import cast
from tests.races import at_once
from tests.watch import scene
from tests.watch.receiver import Receiver

HOUR = timedelta(hours=1)


def test_a_webhook_gets_a_signed_message(bakery: Workspace, receiver: Receiver) -> None:
    scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery, name="Riverside"))
    scene.look()

    assert scene.tell() == 1

    [taken] = receiver.taken
    stamp, mark = (part.split("=", 1)[1] for part in taken.headers["loa-signature"].split(","))
    expected = hmac.new(scene.KEY.encode(), f"{stamp}.".encode() + taken.content, hashlib.sha256)
    assert hmac.compare_digest(mark, expected.hexdigest())
    assert abs(int(stamp) - clock.now().timestamp()) < 60
    assert taken.body["id"] == taken.headers["loa-message-id"]
    assert taken.body["lines"] == ["1 delivery on Riverside needs a decision"]
    [alert] = taken.body["alerts"]
    assert (alert["kind"], alert["phase"], alert["count"]) == ("delivery", "opened", 1)


def test_what_happens_together_is_one_message(bakery: Workspace, receiver: Receiver) -> None:
    scene.a_webhook(bakery, receiver.url)
    for _ in range(30):
        cast.a_channel(bakery, state=Channel.State.LOST)
    scene.failed_deliveries(cast.a_channel(bakery), 100)
    scene.look()

    scene.tell()
    scene.tell()

    [taken] = receiver.taken
    assert len(taken.body["alerts"]) == 31
    assert len(taken.body["lines"]) == 21  # twenty, and how many more


def test_it_is_said_that_it_is_over_to_those_who_heard_that_it_began(
    bakery: Workspace, receiver: Receiver
) -> None:
    scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    scene.tell()
    scene.a_webhook(bakery, f"{receiver.url}/new")
    scene.settle(bakery)

    scene.tell(scene.calm_down())

    assert [one.path for one in receiver.taken] == ["/alerts", "/alerts"]
    [over] = receiver.taken[1].body["lines"]
    assert over.startswith("Over: A delivery needs a decision (Riverside Bakery, ")


def test_quiet_hours_hold_back_and_tell_of_the_night_in_one(
    bakery: Workspace, receiver: Receiver
) -> None:
    """What began and ended in the night is said as over, and not that it began."""
    with clock.at(cast.A_MONDAY):  # nine in the morning there
        scene.a_webhook(bakery, receiver.url, quiet=(time(8), time(12)))
        channel = cast.a_channel(bakery)
        scene.failed_deliveries(channel)
        scene.look()
        assert scene.tell() == 0
        scene.settle(bakery)
        scene.calm_down()
        assert scene.tell(timedelta(minutes=179)) == 0

        assert scene.tell(timedelta(hours=3)) == 1

    [taken] = receiver.taken
    assert len(taken.body["lines"]) == 1
    assert taken.body["lines"][0].startswith("Over: ")


def test_a_hanging_receiver_is_left_alone_and_tried_again_with_the_same_id(
    bakery: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loa.watch.actions.posting.TIMEOUT_S", 0.3)
    receiver.hang_s = 1.0
    place = scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    assert scene.tell() == 0
    assert scene.again(place).failure_code in {"network.timeout", "time.over"}
    receiver.hang_s = 0
    assert scene.tell(timedelta(minutes=1)) == 1

    first, second = receiver.taken
    assert first.body["id"] == second.body["id"]
    assert scene.again(place).failure_code == ""


def test_a_redirect_to_a_private_address_is_not_followed(
    bakery: Workspace, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 307, {"Location": "http://169.254.169.254/latest/"}
    place = scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    scene.tell()

    assert len(receiver.taken) == 1
    assert scene.again(place).failure_code == "alert.redirected"


def test_a_private_address_is_refused(bakery: Workspace, receiver: Receiver) -> None:
    transport.configure()
    place = scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    scene.tell()

    assert not receiver.taken
    assert scene.again(place).failure_code == "egress.blocked"


def test_a_receiver_that_is_gone_is_switched_off(bakery: Workspace, receiver: Receiver) -> None:
    receiver.status = 410
    place = scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    scene.tell()
    scene.tell(HOUR)

    assert len(receiver.taken) == 1
    assert scene.again(place).off_at is not None
    assert scene.again(place).failure_code == "alert.gone"
    assert not scene.notices(bakery, given_up_at=None)


def test_a_broken_receiver_is_tried_less_and_less_then_given_up_in_sight(
    bakery: Workspace, receiver: Receiver
) -> None:
    receiver.status = 500
    place = scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    later = timedelta()
    for _ in range(24 * 60):
        scene.tell(later)
        later += timedelta(minutes=1)
        if not scene.notices(bakery, given_up_at=None):
            break

    assert len(receiver.taken) == pacing.MOST_TRIES
    assert later > 3 * HOUR
    assert scene.again(place).failure_code == "alert.broken"


def test_a_storm_is_bounded(bakery: Workspace, receiver: Receiver) -> None:
    """Every minute another channel fails, for two hours."""
    scene.a_webhook(bakery, receiver.url)

    for minute in range(70):
        cast.a_channel(bakery, state=Channel.State.LOST)
        scene.look(timedelta(minutes=minute))
        scene.tell(timedelta(minutes=minute))

    assert pacing.MOST_PER_HOUR <= len(receiver.taken) <= pacing.MOST_PER_HOUR + 10
    scene.tell(2 * HOUR)
    told = [one for taken in receiver.taken for one in taken.body["alerts"]]
    assert len(told) == 70


def test_telegram_is_asked_in_its_own_way_and_its_wait_is_kept(
    bakery: Workspace, receiver: Receiver, settings: Settings
) -> None:
    settings.TELEGRAM_URL = receiver.url
    token = "123456789:AAFcanary-token-of-the-bot-0123456"
    place = actions.add_destination(
        bakery,
        by=cast.ana(bakery),
        kind=Destination.Kind.TELEGRAM,
        name="Team",
        secret={"token": token, "chat": "-1001"},
        shown="-1001",
    )
    receiver.status = 429
    receiver.answer = b'{"ok": false, "parameters": {"retry_after": 600}}'
    receiver.headers = {"Content-Type": "application/json"}
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    now = clock.now()

    scene.tell()

    [taken] = receiver.taken
    assert taken.path == f"/bot{token}/sendMessage"
    assert taken.body["chat_id"] == "-1001"
    waits = scene.again(place).next_try_at
    assert waits is not None
    assert waits - now >= timedelta(minutes=10)


def test_slack_words_are_escaped(bakery: Workspace, receiver: Receiver) -> None:
    actions.add_destination(
        bakery,
        by=cast.ana(bakery),
        kind=Destination.Kind.SLACK,
        name="Team",
        secret={"url": f"{receiver.url}/services/x"},
        shown="slack",
    )
    scene.failed_deliveries(cast.a_channel(bakery, name="<!channel> & co"))
    scene.look()

    scene.tell()

    assert "&lt;!channel&gt; &amp; co" in receiver.taken[0].body["text"]


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "code"), [("", "mail.unset"), ("smtp://mail.example", "")])
def test_mail_is_sent_in_the_workspaces_language_or_says_that_it_cannot_be(
    settings: Settings, url: str, code: str
) -> None:
    settings.EMAIL_URL = url
    bakery = cast.a_workspace(language="vi")
    place = actions.add_destination(
        bakery,
        by=cast.ana(bakery),
        kind=Destination.Kind.EMAIL,
        name="Ana",
        secret={"address": "ana@riverside.example"},
        shown="ana@riverside.example",
    )
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    scene.tell()

    assert scene.again(place).failure_code == code
    assert [one.subject for one in mail.outbox] == (
        [] if code else ["Loa · Riverside Bakery: 1 cảnh báo"]
    )


def test_the_test_button_says_what_the_other_side_said(
    bakery: Workspace, receiver: Receiver
) -> None:
    place = scene.a_webhook(bakery, receiver.url)
    text = wording.test_text(bakery, "1")

    assert actions.test_destination(bakery, place.pk, text=text).code == ""
    receiver.status = 404
    refused = actions.test_destination(bakery, place.pk, text=text)

    assert (refused.code, refused.status) == ("alert.refused", 404)
    assert receiver.taken[0].body["test"] is True


def test_the_secret_is_sealed_and_opens_nowhere_else(bakery: Workspace) -> None:
    first = scene.a_webhook(bakery, "https://hooks.example")
    second = scene.a_webhook(bakery, "https://hooks.example")

    assert scene.KEY not in first.sealed_secret
    with fence.inside(bakery.pk):
        Destination.objects.filter(pk=first.pk).update(sealed_secret=second.sealed_secret)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    scene.tell()

    assert scene.again(first).failure_code == "loa.cannot_open"


@pytest.mark.django_db(transaction=True)
@pytest.mark.faults
def test_eight_that_send_at_once_send_one_message(receiver: Receiver) -> None:
    bakery = cast.a_workspace()
    scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    receiver.hang_s = 0.3

    outcomes = at_once(*[lambda: actions.send_notices(wording.said)] * 8)

    assert sorted(outcomes, key=str) == [0] * 7 + [1]
    assert len(receiver.taken) == 1


def test_a_sender_that_dies_is_followed_by_the_same_message(
    bakery: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.a_webhook(bakery, receiver.url)
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr("loa.watch.actions.telling._settle", die)
        with pytest.raises(SystemExit):
            scene.tell()

    assert scene.tell() == 0  # its lease has not run out
    assert scene.tell(timedelta(minutes=2)) == 1

    first, second = receiver.taken
    assert first.body["id"] == second.body["id"]


def test_an_alert_that_nobody_can_put_into_words_silences_no_other_workspace(
    bakery: Workspace, receiver: Receiver
) -> None:
    """As after a step back to an older release, which does not know the kind."""
    scene.a_webhook(bakery, f"{receiver.url}/strange")
    scene.failed_deliveries(cast.a_channel(bakery))
    scene.look()
    with fence.inside(bakery.pk):
        Alert.objects.update(kind="from_tomorrow")
    elsewhere = cast.omar().workspace
    scene.a_webhook(elsewhere, receiver.url)
    scene.failed_deliveries(cast.a_channel(elsewhere))
    scene.look()

    scene.tell()
    with clock.ahead(HOUR):
        scene.tell()

    assert [one.path for one in receiver.taken] == ["/alerts"]
    with fence.inside(bakery.pk):
        assert Destination.objects.get().failure_code == "loa.broken"
