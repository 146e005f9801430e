"""Review: who agrees, to what, and that no path goes round it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from loa.connectors.contract import ImageRules, Limits, TextRules, TextUnit
from loa.content.models import Post, ReviewRule
from loa.create import actions
from loa.create.models import Note, ReviewVote
from loa.create.queries import standing_of
from loa.create.rules.review import WhyNot
from loa.create.tests.desk import Desk, a_desk, saying
from loa.ops import clock
from loa.publish import actions as publish
from loa.publish.models import Delivery
from loa.workspace.models import AuditEntry, Member
from tests.cast import a_member
from tests.races import at_once

NONE, ANY, ALL = ReviewRule.Mode.NONE, ReviewRule.Mode.ANY, ReviewRule.Mode.ALL


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:  # noqa: ARG001 (opens the database)
    made = a_desk()
    with made.bakery.inside():
        yield made


def asked(desk: Desk, *, sending: bool = True) -> None:
    desk.plan()
    actions.request_review(desk.post, by=desk.bakery.ben, wants_sending=sending)


def states(desk: Desk) -> list[str]:
    return list(Delivery.objects.filter(post=desk.post).values_list("state", flat=True))


def test_without_a_rule_a_post_is_scheduled_at_once(desk: Desk) -> None:
    desk.plan()

    done = actions.schedule_post(desk.post, by=desk.bakery.ben)

    assert not done.asked_for_review
    assert states(desk) == ["due"]


def test_scheduling_under_a_rule_asks_first_and_goes_out_by_itself_once_approved(
    desk: Desk,
) -> None:
    desk.rule(ANY)
    desk.plan()

    done = actions.schedule_post(desk.post, by=desk.bakery.ben)
    assert done.asked_for_review
    assert states(desk) == []

    agreed = actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    assert agreed.is_complete
    assert states(desk) == ["due"]
    assert (desk.now.review, desk.now.wants_sending) == (Post.Review.APPROVED, False)


def test_no_path_round_the_rule(desk: Desk) -> None:
    desk.rule(ANY)
    desk.plan()

    for way in (publish.schedule_post, publish.send_now, actions.send_now):
        with pytest.raises(publish.NotApproved):
            way(desk.post, by=desk.bakery.ana)


def test_an_edit_after_approval_takes_it_out_of_sending_and_asks_again(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    desk.edit("Something nobody agreed to.")

    assert states(desk) == ["cancelled"]
    assert (desk.now.review, desk.now.approved_fingerprint) == (Post.Review.REQUESTED, "")
    assert desk.now.wants_sending

    actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    assert states(desk) == ["due"]


def test_a_new_title_or_label_breaks_no_approval(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    actions.save_post(
        desk.post,
        base_revision=desk.now.revision,
        state=replace(desk.state, title="Another name"),
        by=desk.bakery.ben,
    )

    assert states(desk) == ["due"]
    assert desk.now.review == Post.Review.APPROVED


def test_an_edit_without_a_rule_leaves_what_is_scheduled(desk: Desk) -> None:
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)

    desk.edit("Better words.")

    assert states(desk) == ["due"]


def test_a_vote_on_words_that_changed_meanwhile_is_refused(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    seen = desk.fingerprint
    desk.edit("Other words.")

    with pytest.raises(actions.ContentChanged):
        actions.approve(desk.post, fingerprint=seen, by=desk.bakery.chloe)
    with pytest.raises(actions.ContentChanged):
        actions.ask_changes(desk.post, fingerprint=seen, words="No", by=desk.bakery.chloe)


def why_not(desk: Desk, member: Member) -> WhyNot:
    with pytest.raises(actions.MayNotApprove) as refused:
        actions.approve(desk.post, fingerprint=desk.fingerprint, by=member)
    return refused.value.why


def test_writer_and_last_editor_do_not_approve_their_own(desk: Desk) -> None:
    desk.rule(ANY)
    manager = a_member(desk.bakery.workspace, "manager", name="Dao")
    with desk.bakery.inside():
        asked(desk)
        actions.save_post(
            desk.post,
            base_revision=desk.now.revision,
            state=replace(desk.state, shared=saying("Edited by Ana.")),
            by=desk.bakery.ana,
        )

        assert why_not(desk, desk.bakery.ana) == WhyNot.OWN_POST
        assert why_not(desk, desk.bakery.ben) == WhyNot.NO_ABILITY
        assert actions.approve(desk.post, fingerprint=desk.fingerprint, by=manager).is_complete


def test_one_may_approve_ones_own_where_the_rule_says_so(desk: Desk) -> None:
    desk.rule(ANY, own=True)
    asked(desk)
    actions.save_post(
        desk.post,
        base_revision=desk.now.revision,
        state=replace(desk.state, shared=saying("Edited by Ana.")),
        by=desk.bakery.ana,
    )

    assert actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.ana).is_complete


def test_everyone_on_the_list_must_agree(desk: Desk) -> None:
    dao = a_member(desk.bakery.workspace, "manager", name="Dao")
    with desk.bakery.inside():
        desk.rule(ALL, listed=(desk.bakery.ana.pk, desk.bakery.chloe.pk))
        asked(desk)

        assert why_not(desk, dao) == WhyNot.NOT_LISTED
        first = actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.ana)
        assert not first.is_complete
        assert [one.pk for one in standing_of(desk.now).waiting_for] == [desk.bakery.chloe.pk]
        second = actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)
        assert second.is_complete


def test_a_list_of_nobody_who_may_approve_is_refused(desk: Desk) -> None:
    with pytest.raises(actions.NobodyListed):
        desk.rule(ALL, listed=(desk.bakery.ben.pk,))


def test_asking_for_changes_needs_words_stops_sending_and_is_kept(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    with pytest.raises(actions.WordsMissing):
        actions.ask_changes(desk.post, fingerprint=desk.fingerprint, words=" ", by=desk.bakery.ana)
    actions.ask_changes(
        desk.post, fingerprint=desk.fingerprint, words="Name the flour.", by=desk.bakery.ana
    )

    assert states(desk) == ["cancelled"]
    assert desk.now.review == Post.Review.CHANGES
    note = Note.objects.get(post=desk.post)
    assert (note.words, note.asks_changes) == ("Name the flour.", True)


def test_an_objection_stands_until_it_is_asked_again_or_the_words_change(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    actions.ask_changes(desk.post, fingerprint=desk.fingerprint, words="Why?", by=desk.bakery.ana)
    stuck = actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)
    assert not stuck.is_complete

    with clock.ahead(timedelta(minutes=1)):
        actions.request_review(desk.post, by=desk.bakery.ben)
        again = actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    assert again.is_complete


def test_a_request_taken_back_leaves_nothing_to_vote_on(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    actions.withdraw_request(desk.post, by=desk.bakery.ben)

    assert states(desk) == ["cancelled"]
    assert desk.now.review == Post.Review.NONE
    with pytest.raises(actions.NothingToReview):
        actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)


def test_an_approval_after_the_planned_time_stands_and_says_why_nothing_was_sent(
    desk: Desk,
) -> None:
    desk.rule(ANY)
    asked(desk)

    with clock.ahead(timedelta(days=2)):
        agreed = actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    assert agreed.is_complete
    assert isinstance(agreed.refused, publish.PastTime)
    assert states(desk) == []


def test_a_post_that_would_be_refused_is_not_sent_to_reviewers(desk: Desk) -> None:
    narrow = Limits(
        TextRules(max_chars=5, unit=TextUnit.GRAPHEMES), ImageRules(1, 1000, ("image/png",), 9)
    )
    desk.channel.limits = narrow.to_json()
    desk.channel.save()

    with pytest.raises(publish.HasBlockingFindings):
        actions.request_review(desk.post, by=desk.bakery.ben)


def test_a_stricter_rule_holds_back_what_was_scheduled_before_it(desk: Desk) -> None:
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)

    stopped = desk.rule(ANY)

    assert stopped == 1
    assert states(desk) == ["cancelled"]
    assert (desk.now.review, desk.now.wants_sending) == (Post.Review.REQUESTED, True)


def test_votes_and_rules_are_in_the_audit_trail(desk: Desk) -> None:
    desk.rule(ANY)
    asked(desk)
    actions.approve(desk.post, fingerprint=desk.fingerprint, by=desk.bakery.chloe)

    trail = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert [one for one in trail if one.startswith("review.")] == [
        "review.rule_set",
        "review.requested",
        "review.approved",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_an_approval_and_an_edit_that_meet_never_approve_unseen_words(_round: int) -> None:
    desk = a_desk()
    with desk.bakery.inside():
        desk.rule(ANY)
        asked(desk)
        seen = desk.fingerprint

    def approve() -> object:
        with desk.bakery.inside():
            return actions.approve(desk.post, fingerprint=seen, by=desk.bakery.chloe)

    def edit() -> object:
        with desk.bakery.inside():
            return desk.edit("Unseen words.")

    at_once(approve, edit)

    with desk.bakery.inside():
        assert desk.state.shared == saying("Unseen words.")
        assert desk.now.review == Post.Review.REQUESTED
        assert "due" not in states(desk)
        assert not Delivery.objects.filter(post=desk.post, state="due").exists()


@pytest.mark.django_db(transaction=True)
def test_two_last_votes_at_once_schedule_once() -> None:
    desk = a_desk()
    with desk.bakery.inside():
        desk.rule(ALL, listed=(desk.bakery.ana.pk, desk.bakery.chloe.pk))
        asked(desk)
        seen = desk.fingerprint

    def approve(member: Member) -> object:
        with desk.bakery.inside():
            return actions.approve(desk.post, fingerprint=seen, by=member)

    outcomes = at_once(lambda: approve(desk.bakery.ana), lambda: approve(desk.bakery.chloe))

    assert {getattr(one, "is_complete", one) for one in outcomes} == {False, True}
    with desk.bakery.inside():
        assert ReviewVote.objects.filter(post=desk.post).count() == 2
        assert states(desk) == ["due"]
