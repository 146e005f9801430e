"""The demo, filled for real through the practice network, with a shorter past."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from loa.connectors import transport
from loa.content.models import Link, Post, Revision
from loa.intake.models import Source
from loa.measure.models import LinkDay, Reading
from loa.ops import clock, fence
from loa.plan.models import Series
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.site.demo import filling, rehearsal
from loa.site.demo.rehearsal import CannotFill, Rehearsal
from loa.site.demo.stage import Stage
from loa.site.demo.story import Ends, Scene, Story, read_story
from loa.workspace import queries
from loa.workspace.models import Member, Workspace
from practice_network.testing import Running
from tests.cast import a_channel, a_workspace, the_owner, variant_of
from tests.cast import a_post as a_post_of
from tests.publish.scene import again

pytestmark = pytest.mark.django_db


def a_short_story() -> Story:
    """Return last week and some of what is planned, with few pictures beside those it needs."""
    whole = read_story()
    posts = [
        replace(post, pictures=post.pictures[: number % 8 == 0 or "cantho" in post.on])
        for number, post in enumerate(whole.posts)
        if post.at.startswith(("d-", "w-1 ", "20/11"))
        or post.ends is not Ends.SCHEDULED
        or number % 2 == 0
    ]
    return replace(whole, workspace={**whole.workspace, "weeks": 1}, posts=posts)


def filled(practice: Running) -> Workspace:
    """Fill the demo and return its workspace."""
    transport.configure(allowed_origins=[practice.base_url])
    made = filling.fill(a_short_story(), base_url=practice.base_url)
    assert made is not None
    return made


def demos() -> int:
    """Return how many demos there are."""
    with fence.everywhere("count demos in a test"):
        return Workspace.objects.filter(is_demo=True).count()


def test_the_network_holds_exactly_what_loa_says_and_a_second_run_adds_nothing(
    practice: Running,
) -> None:
    demo = filled(practice)
    before = practice.client.ledger()

    assert filling.fill(a_short_story(), base_url=practice.base_url) is None

    with fence.inside(demo.pk):
        deliveries = list(Delivery.all_work.select_related("channel").prefetch_related("parts"))
    said = {part.external_id for one in deliveries for part in one.parts.all() if part.external_id}
    [unproven] = [one for one in deliveries if one.state == S.UNCERTAIN]
    in_doubt = practice.client.posts_in_ledger(account=unproven.channel.handle)[-1]
    assert {entry["subject"] for entry in practice.client.posts_in_ledger()} == {
        *said,
        in_doubt["subject"],
    }
    assert practice.client.ledger() == before
    assert practice.client.call("GET", "/admin/clock")["real"]


def test_the_cafe_has_every_state_nothing_due_in_the_past_and_what_goes_on_by_itself(
    practice: Running,
) -> None:
    demo = filled(practice)

    with fence.inside(demo.pk):
        states = Counter(Delivery.objects.values_list("state", flat=True))
        people = set(Delivery.objects.filter(needs_person=True).values_list("state", flat=True))
        reviews = set(Post.objects.values_list("review", flat=True))
        first_due = Delivery.all_work.filter(state=S.DUE).order_by("ready_at")[0].ready_at
        edited = Revision.objects.filter(post__title="20/11, thầy cô uống gì")
        writers = edited.values_list("saved_by", flat=True).distinct().count()
        assert Reading.objects.exclude(delivery=None).count() > 20
        begun = set(Series.objects.values_list("name", flat=True))
        assert Source.objects.get().trouble == ""
        assert Post.objects.filter(search_text__contains="xuong rang vua ke").exists()
        assert Link.objects.filter(post=None).count() == 2
        assert LinkDay.objects.filter(clicks__gt=0).exists()
        asked = Post.objects.filter(review="requested").values_list("title", flat=True)
        assert set(asked) <= {one.title for one in read_story().posts if one.ends is Ends.WAITING}
        assert not any(one.user.has_usable_password() for one in Member.objects.all())
    assert set(states) == {S.DELIVERED, S.DUE, S.FAILED, S.UNCERTAIN}
    assert people == {S.FAILED, S.UNCERTAIN}
    assert reviews == {"none", "requested", "changes", "approved"}
    assert first_due > clock.now()
    assert "Món chay mùng 1 và rằm" in begun
    assert writers in {0, 2}  # that day is not always in the story


def test_a_filling_that_was_killed_leaves_nothing_and_begins_anew(
    practice: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    play, played = Stage.play, Counter[str]()

    def die_half_way(stage: Stage, scene: Scene) -> None:
        played["scenes"] += 1
        if played["scenes"] == 40:
            raise SystemExit
        play(stage, scene)

    with monkeypatch.context() as killed:
        killed.setattr(Stage, "play", die_half_way)
        killed.setattr(Rehearsal, "live_now", lambda _self: None)  # the dead set no clocks
        with pytest.raises(SystemExit):
            filled(practice)
    assert demos() == 0
    assert practice.client.posts_in_ledger()

    demo = filled(practice)

    with fence.inside(demo.pk):
        delivered = Delivery.all_work.filter(state=S.DELIVERED).count()
    assert delivered > 3
    assert len(Rehearsal.found(practice.base_url).handles()) == len(a_short_story().channels)


def test_a_real_workspace_is_not_touched(practice: Running) -> None:
    """The demo lives in a time in which much of the real world's work looks due."""
    bakery = a_workspace()
    channel = a_channel(bakery, base_url=practice.base_url)
    long_ago = clock.now() - timedelta(days=40)
    post = a_post_of(bakery, channels=(channel,), due_at=long_ago)
    with fence.inside(bakery.pk):
        waiting = Delivery.objects.create(
            workspace=bakery,
            variant=variant_of(post, channel),
            post=post,
            channel=channel,
            due_at=long_ago,
            ready_at=long_ago,
            late_after=long_ago,
            scheduled_by=the_owner(bakery),
            scheduled_at=long_ago,
        )

    demo = filled(practice)

    assert again(waiting).state == S.DUE
    with fence.inside(bakery.pk):
        assert not Reading.objects.in_workspace(bakery).exists()
    assert demo in queries.workspaces_of(the_owner(bakery).user)


def test_a_network_that_others_use_keeps_its_past(practice: Running) -> None:
    practice.client.open_account("quan_nho")

    with pytest.raises(CannotFill, match="in use"):
        filled(practice)
    assert demos() == 0


def test_a_network_out_of_reach_is_said_in_a_sentence(
    practice: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "STARTS_WITHIN_S", 0.0)
    nowhere = "http://127.0.0.1:9"
    transport.configure(allowed_origins=[nowhere, practice.base_url])

    with pytest.raises(CannotFill, match="does not answer"):
        filling.fill(a_short_story(), base_url=nowhere)
