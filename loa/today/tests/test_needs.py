"""What needs a member is read from the truth, and the rail counts the same."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loa.channels.models import Channel, Grant
from loa.content.models import Approver, Post, ReviewRule
from loa.create.models import ReviewVote
from loa.ops import clock, fence
from loa.plan.tests.planning import NOW, at, daily
from loa.publish.actions import schedule_post
from loa.publish.models import Delivery
from loa.today import queries, wording
from loa.today.rules.needs import NOT_COUNTED, Kind
from loa.watch.models import Alert, Destination
from loa.workspace.models import Member, Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Iterator[Workspace]:
    with clock.at(NOW):
        workspace = cast.a_workspace()
        with fence.inside(workspace.pk):
            yield workspace


@pytest.fixture
def channel(bakery: Workspace) -> Channel:
    return cast.a_channel(bakery, name="Bakery")


def kinds(member: Member) -> list[Kind]:
    needs = queries.needs_of(member, now=NOW)
    counted = sum(need.kind not in NOT_COUNTED for need in needs)
    assert queries.count_needs(member, now=NOW) == counted
    return [need.kind for need in needs]


def line(member: Member, kind: Kind) -> wording.Line:
    [need] = [one for one in queries.needs_of(member, now=NOW) if one.kind is kind]
    return wording.line(need, workspace=member.workspace, now=NOW)


def a_delivery(workspace: Workspace, channel: Channel, **fields: object) -> Delivery:
    post = cast.a_post(
        workspace, title="", text="Đố bạn", channels=(channel,), due_at=at("2026-11-17 20:00")
    )
    [delivery] = schedule_post(post, by=cast.the_owner(workspace))
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    return delivery


def test_a_quiet_day_needs_nobody(bakery: Workspace, channel: Channel) -> None:
    a_delivery(bakery, channel)

    assert kinds(cast.the_owner(bakery)) == []


def test_an_uncertain_delivery_is_told_with_its_evidence(
    bakery: Workspace, channel: Channel
) -> None:
    delivery = a_delivery(
        bakery,
        channel,
        state="uncertain",
        needs_person=True,
        clean_misses=2,
        unproven_since=NOW - timedelta(hours=1),
        sending_at=NOW - timedelta(hours=1),
    )
    owner = cast.the_owner(bakery)

    assert kinds(owner) == [Kind.UNCERTAIN]
    shown = line(owner, Kind.UNCERTAIN)
    assert "Bakery" in shown.note
    assert "08:00" in shown.note
    assert shown.url.endswith(f"/deliveries/{delivery.pk}/")
    assert "2" in shown.note


def test_a_failed_delivery_needs_a_person_until_somebody_left_it(
    bakery: Workspace, channel: Channel
) -> None:
    delivery = a_delivery(bakery, channel, state="failed", needs_person=True)
    owner = cast.the_owner(bakery)

    assert kinds(owner) == [Kind.FAILED]
    Delivery.objects.filter(pk=delivery.pk).update(needs_person=False)
    assert kinds(owner) == []


def test_what_was_missed_is_explained_as_on_its_receipt(
    bakery: Workspace, channel: Channel
) -> None:
    """Today blamed the platform, for a reason Loa does not know, for what Loa held back itself."""
    a_delivery(bakery, channel, state="failed", needs_person=True, failure_code="late.missed")

    shown = line(cast.the_owner(bakery), Kind.LATE)

    assert shown.url.endswith("/missed/")
    assert "không đăng được" in shown.note


def test_a_lost_channel_says_how_much_waits_for_it(bakery: Workspace, channel: Channel) -> None:
    a_delivery(bakery, channel)
    a_delivery(bakery, channel)
    Channel.objects.filter(pk=channel.pk).update(state="lost")
    owner = cast.the_owner(bakery)

    assert kinds(owner) == [Kind.CHANNEL_LOST]
    assert "Bakery" in line(owner, Kind.CHANNEL_LOST).title
    assert "2" in line(owner, Kind.CHANNEL_LOST).note


def test_a_grant_that_ends_in_two_days_is_told_to_who_can_renew_it(
    bakery: Workspace, channel: Channel
) -> None:
    """A practice channel's is renewed by Loa; a Mastodon instance's by a person alone."""
    by_hand = cast.a_channel(bakery, platform="mastodon", base_url="https://mastodon.example")
    ending = Grant.objects.filter(channels__in=[channel, by_hand])
    ending.update(expires_at=NOW + timedelta(days=2, hours=1))

    assert kinds(cast.the_owner(bakery)) == [Kind.GRANT_ENDING]
    assert kinds(cast.ben(bakery)) == []
    assert "2" in line(cast.the_owner(bakery), Kind.GRANT_ENDING).note


def test_a_picture_whose_rights_end_within_two_weeks_is_told_to_those_who_write(
    bakery: Workspace,
) -> None:
    today = NOW.date()
    cast.an_asset(bakery, filename="tet.jpg", usable_until=today + timedelta(days=14))
    cast.an_asset(bakery, usable_until=today + timedelta(days=15))
    cast.an_asset(bakery, usable_until=today + timedelta(days=3), archived_at=NOW)

    assert kinds(cast.ben(bakery)) == [Kind.RIGHTS_ENDING]
    assert kinds(cast.chloe(bakery)) == []
    assert "tet.jpg" in line(cast.the_owner(bakery), Kind.RIGHTS_ENDING).note


def test_paused_sending_comes_first(bakery: Workspace, channel: Channel) -> None:
    a_delivery(bakery, channel, state="failed", needs_person=True)
    Workspace.objects.filter(pk=bakery.pk).update(sending_paused_at=NOW)

    assert kinds(cast.the_owner(cast.read_again(bakery))) == [Kind.PAUSED, Kind.FAILED]


def asked_for(workspace: Workspace, channel: Channel, by: Member) -> Post:
    return cast.a_post(
        workspace,
        channels=(channel,),
        due_at=at("2026-11-17 20:00"),
        written_by=by,
        review="requested",
        review_asked_at=NOW,
        review_asked_by=by,
    )


def test_a_post_waits_for_every_approver_but_its_writer(
    bakery: Workspace, channel: Channel
) -> None:
    owner, ben, chloe = cast.the_owner(bakery), cast.ben(bakery), cast.chloe(bakery)
    asked_for(bakery, channel, by=owner)

    assert kinds(chloe) == [Kind.TO_APPROVE]
    assert kinds(owner) == []
    assert kinds(ben) == []


def test_a_writer_may_be_asked_where_the_rule_allows_it(
    bakery: Workspace, channel: Channel
) -> None:
    ReviewRule.objects.create(workspace=bakery, mode="any", may_approve_own=True)
    owner = cast.the_owner(bakery)
    asked_for(bakery, channel, by=owner)

    assert kinds(owner) == [Kind.TO_APPROVE]


def test_only_those_on_the_list_are_asked(bakery: Workspace, channel: Channel) -> None:
    ben, chloe = cast.ben(bakery), cast.chloe(bakery)
    rule = ReviewRule.objects.create(workspace=bakery, mode="all")
    Approver.objects.create(workspace=bakery, rule=rule, member=chloe)
    asked_for(bakery, channel, by=ben)

    assert kinds(chloe) == [Kind.TO_APPROVE]
    assert kinds(cast.the_owner(bakery)) == []


def test_who_has_said_their_word_is_not_asked_again(bakery: Workspace, channel: Channel) -> None:
    chloe = cast.chloe(bakery)
    post = asked_for(bakery, channel, by=cast.ben(bakery))
    ReviewVote.objects.create(
        workspace=bakery,
        post=post,
        member=chloe,
        fingerprint="f" * 64,
        verdict="approved",
        voted_at=NOW + timedelta(minutes=1),
    )

    assert kinds(chloe) == []


def test_changes_are_told_to_the_writer(bakery: Workspace, channel: Channel) -> None:
    ben = cast.ben(bakery)
    cast.a_post(bakery, channels=(channel,), written_by=ben, review="changes")

    assert kinds(ben) == [Kind.CHANGES]
    assert kinds(cast.the_owner(bakery)) == []


def test_a_post_that_missed_its_time_offers_another(bakery: Workspace, channel: Channel) -> None:
    post = cast.a_post(bakery, channels=(channel,), due_at=at("2026-11-15 20:00"))
    cast.a_post(bakery, channels=(channel,), due_at=at("2026-10-15 20:00"))  # long ago
    owner = cast.the_owner(bakery)

    assert kinds(owner) == [Kind.MISSED]
    assert line(owner, Kind.MISSED).url.endswith(f"/calendar/move/?post={post.pk}")


def test_free_slots_invite_and_do_not_count(bakery: Workspace, channel: Channel) -> None:
    daily(channel, "20:00")
    owner = cast.the_owner(bakery)

    assert kinds(owner) == [Kind.FREE_SLOTS]
    assert queries.count_needs(owner, now=NOW) == 0
    assert "20:00" in line(owner, Kind.FREE_SLOTS).note


def test_the_rail_counts_in_one_query(bakery: Workspace, channel: Channel) -> None:
    a_delivery(bakery, channel, state="failed", needs_person=True)
    owner = cast.the_owner(bakery)

    with CaptureQueriesContext(connection) as asked:
        assert queries.count_needs(owner, now=NOW) == 1

    assert len(asked) == 1


def test_another_workspaces_trouble_is_not_ours(bakery: Workspace) -> None:
    stranger = cast.omar().workspace
    with fence.inside(stranger.pk):
        theirs = cast.a_channel(stranger)
        a_delivery(stranger, theirs, state="failed", needs_person=True)

    with fence.everywhere("prove that the queries alone keep strangers out"):
        assert kinds(cast.the_owner(bakery)) == []


def test_a_manager_hears_that_nothing_is_sent_and_that_alerts_do_not_arrive(
    bakery: Workspace,
) -> None:
    owner = cast.the_owner(bakery)
    with fence.inside(bakery.pk):
        now = clock.now()
        Alert.objects.create(
            workspace=bakery,
            kind="nothing_sent",
            facts={"count": 1, "oldest_at": now.isoformat()},
            opened_at=now,
            told_at=now,
        )
        Destination.objects.create(
            workspace=bakery,
            kind="slack",
            name="Night shift",
            added_by=owner,
            added_at=now,
            failure_code="alert.gone",
            failed_at=now,
        )

    assert kinds(owner) == [Kind.ALERT, Kind.UNTOLD]
    assert line(owner, Kind.ALERT).url.endswith("/health/")
    assert "Night shift" in line(owner, Kind.UNTOLD).title
