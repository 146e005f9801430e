"""Evergreen posts fill free slots: with the review rule, once each, told why, and stopped."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from loa.channels.models import Channel
from loa.content.models import Post, ReviewRule, Variant
from loa.content.queries import fingerprint_of
from loa.content.rules.document import Document, Part
from loa.content.rules.revisions import PostState
from loa.create.actions import ask_changes, create_post, plan_post, set_review_rule
from loa.ops import clock, fence
from loa.plan import actions, jobs
from loa.plan.models import Evergreen, EvergreenPool, Refill
from loa.plan.tests.planning import NOW, daily, inside, local
from loa.publish.models import Delivery
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel, signed_in
from tests.house_rules.rows import audited
from tests.jobs import run_enqueued
from tests.races import at_once

pytestmark = pytest.mark.django_db
FIRST = "Cà phê phin chảy chậm, ngồi lại một chút rồi hãy về."
OTHER = "Sáng nay quán mở cửa sớm, bánh mì vừa ra lò còn nóng."
REST = actions.Rest(cooldown_days=30, most_repeats=2)


@pytest.fixture
def bakery() -> Bakery:
    with clock.at(NOW):
        return riverside_bakery()


@pytest.fixture
def channel(bakery: Bakery) -> Channel:
    channel = a_channel(bakery.workspace)
    daily(channel, "20:00")
    return channel


def a_live_post(bakery: Bakery, channel: Channel, *, days_ago: int = 60) -> Post:
    """Make a post that went out; only the dispatcher could do it by an action."""
    state = PostState(title="Phin", shared=Document((Part(FIRST),)), own={channel.pk: None})
    post = create_post(bakery.ben, state=state)
    gone = clock.now() - timedelta(days=days_ago)
    Variant.objects.filter(post=post).update(
        planned_at=gone, planned_local=f"{gone:%Y-%m-%dT%H:%M:%S}", planned_zone="UTC"
    )
    Delivery.objects.create(
        workspace=bakery.workspace,
        variant=post.variants.get(),
        post=post,
        channel=channel,
        state="delivered",
        external_id=f"id-{post.pk}",
        due_at=gone,
        ready_at=gone,
        late_after=gone,
        delivered_at=gone,
        scheduled_by=bakery.ben,
        scheduled_at=gone,
    )
    return post


def an_evergreen(bakery: Bakery, channel: Channel, rest: actions.Rest = REST) -> Evergreen:
    post = a_live_post(bakery, channel)
    return actions.mark_evergreen(post, rest=rest, alternates=[OTHER], by=bakery.ben)


def a_pool(bakery: Bakery, channel: Channel, weekly_cap: int = 2) -> int:
    actions.set_pool(channel, weekly_cap=weekly_cap, by=bakery.ben)
    return EvergreenPool.objects.get(channel=channel).pk


def test_a_free_slot_gets_the_post_in_other_words(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        evergreen = an_evergreen(bakery, channel)

        [refill] = actions.fill_pool(a_pool(bakery, channel))

        assert refill.slot_at == local("2026-11-17 20:00").instant()
        assert refill.post.document.parts[0].caption == OTHER
        assert (refill.rested_days, refill.repeat_number) == (61, 1)
        assert refill.evergreen == evergreen
        assert Delivery.objects.get(post=refill.post).state == "due"


def test_filling_twice_fills_nothing_twice(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        an_evergreen(bakery, channel)
        a_pool(bakery, channel)
    with clock.at(NOW):
        jobs.fill_all_pools()
        jobs.fill_all_pools()
        assert run_enqueued().count("plan.fill_pool") == 2

    with inside(bakery.workspace):
        assert Refill.objects.count() == 1
    with inside(bakery.workspace, NOW + timedelta(days=20)):
        assert actions.fill_pool(EvergreenPool.objects.get().pk) == ()
    with inside(bakery.workspace, NOW + timedelta(days=31)):
        [again] = actions.fill_pool(EvergreenPool.objects.get().pk)
        assert again.words == FIRST


def test_it_ends_after_the_most_repeats(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        an_evergreen(bakery, channel, actions.Rest(cooldown_days=1, most_repeats=2))
        pool = a_pool(bakery, channel, weekly_cap=7)
        assert len(actions.fill_pool(pool)) == 2
    with inside(bakery.workspace, NOW + timedelta(days=20)):
        assert actions.fill_pool(pool) == ()


def test_a_slot_that_a_person_took_is_not_filled(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        an_evergreen(bakery, channel)
        for day in (17, 18):
            state = PostState(shared=Document((Part(f"Day {day}"),)), own={channel.pk: None})
            post = create_post(bakery.ben, state=state)
            plan_post(post, at=local(f"2026-11-{day} 19:30"), by=bakery.ben)

        assert actions.fill_pool(a_pool(bakery, channel)) == ()


def test_a_skipped_slot_stays_free_until_it_is_taken_back(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        an_evergreen(bakery, channel)
        pool = a_pool(bakery, channel, weekly_cap=1)
        [refill] = actions.fill_pool(pool)

        actions.skip_refill(refill, by=bakery.ben)
        filled_next = [one.slot_at.day for one in actions.fill_pool(pool)]

        assert filled_next == [18]
        actions.skip_refill(Refill.objects.get(slot_at__day=18), by=bakery.ben)
        actions.keep_refill(refill, by=bakery.ben)
        assert Delivery.objects.get(post=refill.post).state == "due"


def test_where_approval_is_needed_it_is_asked_for(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        set_review_rule(bakery.ana, mode=ReviewRule.Mode.ANY, may_approve_own=False, approvers=())
        evergreen = an_evergreen(bakery, channel)
        pool = a_pool(bakery, channel)
        [refill] = actions.fill_pool(pool)
        post = Post.objects.get(pk=refill.post_id)
        assert post.review == "requested"

        ask_changes(post, fingerprint=fingerprint_of(post), words="Not again.", by=bakery.chloe)
        assert actions.fill_pool(pool) == ()

        assert Evergreen.objects.get(pk=evergreen.pk).stopped_why == "changes"
    assert audited(bakery.workspace, "evergreen.stopped") == [(None, {"why": "changes"})]


def test_a_check_that_blocks_stops_it_and_leaves_no_post(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        evergreen = an_evergreen(bakery, channel)
        evergreen.alternates = ["Dài " * 5000]
        evergreen.save()
        before = Post.objects.count()

        assert actions.fill_pool(a_pool(bakery, channel)) == ()

        assert Evergreen.objects.get(pk=evergreen.pk).stopped_why == "blocked"
        assert Post.objects.count() == before


def test_a_lost_channel_is_left_alone_and_stops_nothing(bakery: Bakery, channel: Channel) -> None:
    with inside(bakery.workspace):
        evergreen = an_evergreen(bakery, channel)
        pool = a_pool(bakery, channel)
        Channel.objects.filter(pk=channel.pk).update(state=Channel.State.LOST)

        assert actions.fill_pool(pool) == ()
        assert Evergreen.objects.get(pk=evergreen.pk).stopped_why == ""


def test_only_live_posts_in_really_other_words_become_evergreen(
    bakery: Bakery, channel: Channel
) -> None:
    with inside(bakery.workspace):
        state = PostState(shared=Document((Part(FIRST),)), own={channel.pk: None})
        draft = create_post(bakery.ben, state=state)
        with pytest.raises(actions.NotDeliveredYet):
            actions.mark_evergreen(draft, rest=REST, alternates=[OTHER], by=bakery.ben)
        live = a_live_post(bakery, channel)
        with pytest.raises(actions.TooAlike) as refused:
            actions.mark_evergreen(
                live, rest=REST, alternates=[OTHER, FIRST.upper()], by=bakery.ben
            )
        assert refused.value.number == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.faults
def test_four_workers_at_once_fill_a_slot_once() -> None:
    with clock.at(NOW):
        bakery = riverside_bakery()
        channel = a_channel(bakery.workspace)
        daily(channel, "20:00")
        with fence.inside(bakery.workspace.pk):
            an_evergreen(bakery, channel)
            pool = a_pool(bakery, channel)

    def work() -> int:
        with inside(bakery.workspace):
            return len(actions.fill_pool(pool))

    outcomes = at_once(work, work, work, work)

    assert sorted(str(one) for one in outcomes) == ["0", "0", "0", "1"]
    with fence.inside(bakery.workspace.pk):
        assert Refill.objects.count() == 1


def page(bakery: Bakery, name: str, *args: int) -> str:
    return reverse(f"plan:{name}", args=[bakery.workspace.slug, *args])


@pytest.fixture
def ben(bakery: Bakery) -> Client:
    return signed_in(bakery.ben)


def test_a_post_is_marked_filled_skipped_and_retired_by_its_pages(
    ben: Client, bakery: Bakery, channel: Channel
) -> None:
    with bakery.inside():
        post = a_live_post(bakery, channel, days_ago=90)
    typed = {"cooldown_days": "30", "most_repeats": "2", "alternate_1": OTHER}

    assert "Say it again" in ben.get(page(bakery, "series-of-post", post.pk)).content.decode()
    ben.post(page(bakery, "mark-evergreen", post.pk), typed)
    ben.post(page(bakery, "set-pool", channel.pk), {"weekly_cap": "3"})
    with bakery.inside():
        refills = actions.fill_pool(EvergreenPool.objects.get().pk)
    shown = ben.get(page(bakery, "evergreen")).content.decode()
    told = ben.get(page(bakery, "series-of-post", refills[0].post_id)).content.decode()
    assert "Rested longest here" in shown
    assert "Rested longest here" in told
    ben.post(page(bakery, "skip-refill", refills[0].pk))
    with bakery.inside():
        assert Refill.objects.get(pk=refills[0].pk).skipped_at
        evergreen = Evergreen.objects.get()
    ben.post(page(bakery, "keep-refill", refills[0].pk))
    answer = ben.post(page(bakery, "retire-evergreen", evergreen.pk), follow=True)

    assert "No post is evergreen yet" in answer.content.decode()
    with bakery.inside():
        assert Refill.objects.get(pk=refills[0].pk).skipped_at is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"alternate_1": ""}, "alternate_1"),
        ({"alternate_1": OTHER, "alternate_3": OTHER.lower()}, "alternate_3"),
        ({"alternate_2": FIRST}, "alternate_2"),
        ({"cooldown_days": "0", "alternate_1": OTHER}, "cooldown_days"),
        ({"most_repeats": "many", "alternate_1": OTHER}, "most_repeats"),
    ],
)
def test_bad_terms_are_told_at_their_field(
    ben: Client, bakery: Bakery, channel: Channel, typed: dict[str, str], field: str
) -> None:
    with bakery.inside():
        post = a_live_post(bakery, channel)

    answer = ben.post(
        page(bakery, "mark-evergreen", post.pk),
        {"cooldown_days": "30", "most_repeats": "2", **typed},
    )

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with bakery.inside():
        assert not Evergreen.objects.exists()
