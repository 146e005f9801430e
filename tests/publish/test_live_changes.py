"""Changing what is live, on the real practice network: other words, and taking it down."""

from datetime import timedelta
from typing import Any

import pytest

from loa.content.models import ReviewRule
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher.live_changes import work_off_changes
from loa.publish.models import Attempt, Delivery, LiveChange
from loa.publish.rules.live_changes import ChangeState
from loa.today.queries.needs import count_needs, needs_of
from loa.today.rules.needs import Kind
from loa.workspace.models import AuditEntry, Member
from practice_network.testing import Running
from tests import cast
from tests.publish.living import a_live_one, edit, events, later, remove, state_of
from tests.publish.scene import Scene, a_scene, again, work_off
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def test_new_words_reach_the_platform_and_the_receipt(scene: Scene) -> None:
    delivery = a_live_one(scene)

    change = edit(scene, delivery, "Bánh mì giòn đây!")
    later()

    [edited] = events(scene, "post_edited")
    after = again(delivery)
    assert edited["payload"]["text"] == "Bánh mì giòn đây!"
    assert state_of(scene, change) == ChangeState.DONE
    assert after.outgoing
    assert after.outgoing["document"]["parts"][0]["caption"] == "Bánh mì giòn đây!"
    assert after.edited_at
    with fence.inside(scene.workspace.pk):
        actions_taken = AuditEntry.objects.filter(action__startswith="delivery.edit")
        assert [one.action for one in actions_taken.order_by("number")] == [
            "delivery.edit_asked",
            "delivery.edited",
        ]


def test_nothing_is_told_to_the_platform_while_it_can_be_taken_back(scene: Scene) -> None:
    delivery = a_live_one(scene)
    change = remove(scene, delivery)

    work_off_changes()
    with fence.inside(scene.workspace.pk):
        assert actions.withdraw_change(delivery, by=scene.ana)
    later()

    assert events(scene, "post_deleted") == []
    assert state_of(scene, change) == ChangeState.WITHDRAWN
    assert again(delivery).removed_at is None


def test_a_removed_thread_comes_down_from_its_end_with_its_comment(scene: Scene) -> None:
    delivery = a_live_one(scene, parts=["một", "hai"], first_comment="Đặt ở đây nhé")
    live = [one["subject"] for one in scene.practice.client.posts_in_ledger()]

    remove(scene, delivery)
    later()

    assert [one["subject"] for one in events(scene, "post_deleted")] == [live[2], live[1], live[0]]
    with fence.inside(scene.workspace.pk):
        assert all(one.removed_at for one in Delivery.all_work.all())
    assert again(delivery).state == "delivered"


def test_only_the_part_that_changed_is_edited(scene: Scene) -> None:
    delivery = a_live_one(scene, parts=["một", "hai"])

    edit(scene, delivery, "một", "hai rưỡi")
    later()

    assert [one["payload"]["text"] for one in events(scene, "post_edited")] == ["hai rưỡi"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "status", "status": 503}])
def test_a_lost_answer_is_asked_for_again_and_changes_nothing_twice(
    scene: Scene, fault: dict[str, Any], when: str
) -> None:
    delivery = a_live_one(scene)
    scene.practice.client.add_fault(**fault, operation="delete_post", when=when, count=2)
    change = remove(scene, delivery)

    later()
    assert again(delivery).removed_at is None
    later(timedelta(minutes=2))
    later(timedelta(minutes=10))

    assert state_of(scene, change) == ChangeState.DONE
    assert len(events(scene, "post_deleted")) == 1


def test_a_dead_workers_change_is_taken_over_where_it_stopped(scene: Scene) -> None:
    delivery = a_live_one(scene, parts=["một", "hai"])
    scene.practice.client.add_fault("drop", operation="edit_post", skip=1, when="before")
    change = edit(scene, delivery, "một!", "hai!")
    later()
    with fence.inside(scene.workspace.pk):
        # As a killed worker leaves it: begun, one part done, its lease run out.
        LiveChange.objects.update(state="sending", lease_until=clock.now())

    later(timedelta(minutes=3))

    assert state_of(scene, change) == ChangeState.DONE
    assert [one["payload"]["text"] for one in events(scene, "post_edited")] == ["một!", "hai!"]


def test_two_workers_make_a_change_once(scene: Scene) -> None:
    delivery = a_live_one(scene)
    change = edit(scene, delivery, "một lần thôi")

    outcomes = at_once(later, later, later)

    assert outcomes == [None, None, None]
    assert state_of(scene, change) == ChangeState.DONE
    assert len(events(scene, "post_edited")) == 1


def test_taking_back_and_beginning_never_both_succeed(scene: Scene) -> None:
    for number in range(6):
        delivery = a_live_one_on(scene, f"quan{number}")
        change = edit(scene, delivery, f"mới {number}")

        def take_back(delivery: Delivery = delivery) -> bool:
            with fence.inside(scene.workspace.pk):
                return actions.withdraw_change(delivery, by=scene.ana)

        [taken_back, _] = at_once(take_back, later)

        told = [one for one in events(scene, "post_edited") if f"mới {number}" in str(one)]
        withdrawn = state_of(scene, change) == ChangeState.WITHDRAWN
        assert withdrawn == (taken_back is True)
        assert len(told) == (0 if withdrawn else 1)


def a_live_one_on(scene: Scene, handle: str) -> Delivery:
    [delivery] = scene.scheduled(scene.channel(handle), text=f"ở {handle}")
    work_off()
    return again(delivery)


def test_where_the_rule_demands_it_an_edit_waits_for_somebody_else(scene: Scene) -> None:
    delivery = a_live_one(scene)
    chloe = cast.chloe(scene.workspace)
    with fence.inside(scene.workspace.pk):
        ReviewRule.objects.create(workspace=scene.workspace, mode="any")
    change = edit(scene, delivery, "đã được duyệt")

    later()
    before = events(scene, "post_edited")
    with fence.inside(scene.workspace.pk):
        with pytest.raises(actions.MayNotChange):
            actions.approve_change(delivery, change_id=change.pk, by=scene.ana)
        actions.approve_change(delivery, change_id=change.pk, by=chloe)
    later()

    assert before == []
    assert len(events(scene, "post_edited")) == 1


def test_today_tells_who_could_agree_and_not_who_asked(scene: Scene) -> None:
    delivery, chloe = a_live_one(scene), cast.chloe(scene.workspace)
    with fence.inside(scene.workspace.pk):
        ReviewRule.objects.create(workspace=scene.workspace, mode="any")
    edit(scene, delivery, "xin duyệt")

    def told(member: Member) -> list[Kind]:
        with fence.inside(scene.workspace.pk):
            needs = [one.kind for one in needs_of(member, now=clock.now())]
            counted = count_needs(member, now=clock.now())
        assert counted == len([one for one in needs if one is not Kind.FREE_SLOTS])
        return needs

    assert Kind.LIVE_EDITS in told(chloe)
    assert Kind.LIVE_EDITS not in told(scene.ana)


def test_an_approval_is_for_the_words_that_were_shown(scene: Scene) -> None:
    """The words are changed again while the approver reads: the old approval counts for nothing."""
    delivery = a_live_one(scene)
    chloe = cast.chloe(scene.workspace)
    with fence.inside(scene.workspace.pk):
        ReviewRule.objects.create(workspace=scene.workspace, mode="any")
    shown = edit(scene, delivery, "như đã xem")
    edit(scene, delivery, "khác rồi")

    with fence.inside(scene.workspace.pk), pytest.raises(actions.NotLive):
        actions.approve_change(delivery, change_id=shown.pk, by=chloe)
    later()

    assert events(scene, "post_edited") == []


def test_a_pause_holds_an_edit_back_but_not_a_removal(scene: Scene) -> None:
    edited, removed = a_live_one_on(scene, "sua"), a_live_one_on(scene, "go")
    change = edit(scene, edited, "đợi đã")
    gone = remove(scene, removed)
    with fence.inside(scene.workspace.pk):
        actions.pause_all(scene.workspace, by=scene.ana)

    later()

    assert state_of(scene, change) == ChangeState.DUE
    assert state_of(scene, gone) == ChangeState.DONE


def test_what_the_platform_refuses_is_told_and_what_is_live_stays(scene: Scene) -> None:
    delivery = a_live_one(scene)
    scene.practice.client.add_fault("status", operation="edit_post", when="before", status=422)
    change = edit(scene, delivery, "không được")

    later()

    assert state_of(scene, change) == ChangeState.FAILED
    assert again(delivery).edited_at is None
    with fence.inside(scene.workspace.pk):
        tries = Attempt.objects.filter(step="edit").values_list("outcome", flat=True)
        assert list(tries) == ["refused"]


def test_words_the_platform_would_refuse_are_not_even_asked_for(scene: Scene) -> None:
    delivery = a_live_one(scene)

    with pytest.raises(actions.ChangeRefused):
        edit(scene, delivery, "dài " * 400)
    with pytest.raises(actions.NothingChanged):
        edit(scene, delivery, "Bánh mì nóng đây!")


def test_who_may_not_settle_takes_nothing_down(scene: Scene) -> None:
    delivery, ben = a_live_one(scene), cast.ben(scene.workspace)

    with fence.inside(scene.workspace.pk), pytest.raises(actions.MayNotChange):
        actions.remove_live(delivery, by=ben)


def test_the_receipt_offers_it_and_keeps_what_was_typed(scene: Scene) -> None:
    delivery = a_live_one(scene)
    ana = cast.signed_in(scene.ana)
    page = f"/w/{scene.workspace.slug}/deliveries/{delivery.pk}/"

    shown = ana.get(page).content.decode()
    refused = ana.post(f"{page}edit/", {"caption": "quá dài " * 100})
    asked = ana.post(f"{page}edit/", {"caption": "vừa vặn"})
    waiting = ana.get(page).content.decode()
    ana.post(f"{page}take-down/")
    later()
    gone = ana.get(page).content.decode()

    assert "take-down" in shown
    assert refused.status_code == 422
    assert "quá dài quá dài" in refused.content.decode()
    assert asked.status_code == 302
    assert "vừa vặn" in waiting
    assert "take-down" not in gone
    assert again(delivery).removed_at
