"""From a file to posts: what is read, what stands against it, what is brought in, and back."""

import pytest

from loa.channels.models import Channel
from loa.content.models import Campaign, Post, ReviewRule
from loa.create.actions import set_review_rule
from loa.intake import actions
from loa.intake.tests.importing import a_file, again, begin, codes, posts, rows, start
from loa.ops import fence
from loa.plan.tests.planning import at, planned_times
from loa.publish.models import Delivery
from loa.workspace.models import Workspace
from loa.workspace.rules.permissions import Role
from tests import cast
from tests.jobs import run_enqueued
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("channel")
def test_rows_become_drafts_with_times_campaigns_and_nfc_text(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    decomposed = "Bánh mi\u0300 no\u0301ng"
    begun = begin(ana, a_file(f"ca phe ben;17/11/2026;19h30;{decomposed};Thu vàng", "@ben;;;Sau;"))

    done = start(begun, "drafts", ana)

    [first, second] = posts(bakery)
    assert (done.state, done.done_count) == ("done", 2)
    assert first.document.parts[0].caption == "Bánh mì nóng"
    assert list(planned_times(first).values()) == ["17 19:30"]
    assert planned_times(second) == {}
    with fence.inside(bakery.pk):
        assert [one.name for one in Campaign.objects.all()] == ["Thu vàng"]
        assert not Delivery.objects.exists()


@pytest.mark.usefixtures("channel")
def test_scheduling_an_import_schedules_what_is_fit_and_leaves_the_rest(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(
        ana,
        a_file(
            "ben;17/11/2026;19:30;Nóng hổi;",
            "nowhere;17/11/2026;20:30;Lạc;",
            "ben;1/11/2026;9:00;Đã qua;",
            "ben;31/11/2026;9:00;Không có ngày này;",
        ),
    )

    done = start(begun, "schedule", ana)

    assert [codes(row)[0] for row in rows(begun)[1:]] == [
        "row.channel_unknown",
        "row.past",
        "row.day_unread",
    ]
    assert (begun.ready_count, begun.unusable_count, done.done_count) == (1, 3, 1)
    with fence.inside(bakery.pk):
        [delivery] = Delivery.objects.all()
    assert delivery.due_at == at("2026-11-17 19:30")


@pytest.mark.usefixtures("channel")
def test_one_character_over_the_limit_is_only_a_draft(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    limit = 500
    begun = begin(
        ana,
        a_file(f"ben;17/11/2026;9:00;{'a' * (limit + 1)};", f"ben;18/11/2026;9:00;{'a' * limit};"),
    )

    [over, fits] = rows(begun)

    assert "text.too_long" in codes(over)
    assert (over.fit, fits.fit) == ("draft_only", "ready")
    assert start(begun, "schedule", ana).done_count == 1


@pytest.mark.usefixtures("channel")
def test_the_review_rule_holds_for_an_import(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    with fence.inside(bakery.pk):
        set_review_rule(ana, mode=ReviewRule.Mode.ANY, may_approve_own=False)

    start(begin(ana, a_file("ben;17/11/2026;19:30;Nóng;")), "schedule", ana)

    [post] = posts(bakery)
    assert post.review == Post.Review.REQUESTED
    with fence.inside(bakery.pk):
        assert not Delivery.objects.exists()


@pytest.mark.usefixtures("channel")
def test_whoever_may_not_schedule_cannot_by_an_import(bakery: Workspace) -> None:
    ben = cast.a_member(bakery, Role.APPROVER)
    begun = begin(cast.ana(bakery), a_file("ben;17/11/2026;19:30;Nóng;"))

    with pytest.raises(actions.MayNotSchedule), fence.inside(bakery.pk):
        actions.start_import(begun, mode="schedule", by=ben)


@pytest.mark.usefixtures("channel")
def test_somebody_who_left_brings_nothing_more_in(bakery: Workspace) -> None:
    ben = cast.ben(bakery)
    begun = begin(ben, a_file("ben;17/11/2026;19:30;Nóng;"))
    with fence.inside(bakery.pk):
        actions.start_import(begun, mode="drafts", by=ben)
    cast.end_membership(ben)

    run_enqueued()

    assert (again(begun).state, again(begun).trouble) == ("cancelled", "member_gone")
    assert posts(bakery) == []


@pytest.mark.usefixtures("channel")
def test_the_same_file_again_doubles_nothing(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    text = a_file("ben;17/11/2026;19:30;Nóng;", "ben;;;Nháp;")
    start(begin(ana, text), "drafts", ana)

    second = begin(ana, text)

    assert [codes(row)[0] for row in rows(second)] == ["row.imported", "row.imported"]
    assert start(second, "drafts", ana).done_count == 0
    assert len(posts(bakery)) == 2


@pytest.mark.usefixtures("channel")
def test_a_job_that_runs_twice_doubles_nothing(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = start(begin(ana, a_file("ben;17/11/2026;19:30;Nóng;")), "drafts", ana)

    actions.run_import(workspace_id=bakery.pk, import_id=begun.pk, attempt=begun.attempt)

    assert len(posts(bakery)) == 1


def test_a_row_equal_to_one_before_or_to_a_post_is_not_brought_in(
    bakery: Workspace, channel: Channel
) -> None:
    ana = cast.ana(bakery)
    cast.a_post(bakery, text="Nóng", channels=(channel,), due_at=at("2026-11-18 19:30"))
    line = "ben;17/11/2026;19:30;Mới;"

    begun = begin(ana, a_file(line, line, "ben;18/11/2026;19:30;Nóng;"))

    [first, twin, known] = rows(begun)
    assert first.fit == "ready"
    assert codes(twin)[0] == "row.same_in_file"
    assert codes(known)[0] == "row.exists"


def test_clashes_with_the_plan_and_within_the_file_are_told(
    bakery: Workspace, channel: Channel
) -> None:
    cast.a_post(bakery, text="Có rồi", channels=(channel,), due_at=at("2026-11-17 19:00"))

    begun = begin(
        cast.ana(bakery),
        a_file(
            "ben;17/11/2026;19:30;Gần;",
            "ben;17/11/2026;20:00;Gần nữa;",
            "ben;20/11/2026;9:00;Có rồi;",
        ),
    )

    [near, nearer, repeat] = rows(begun)
    assert codes(near) == ["row.too_close"]
    assert codes(nearer) == ["row.too_close"]
    assert codes(repeat) == ["row.same_text"]


def test_a_time_that_the_clock_skips_is_told_and_moved() -> None:
    lisbon = cast.a_workspace("Padaria", time_zone="Europe/Lisbon")
    cast.a_channel(lisbon, handle="ben")
    owner = cast.the_owner(lisbon)

    begun = begin(owner, a_file("ben;28/3/2027;1:30;Pão;"))

    assert codes(rows(begun)[0]) == ["row.time_skipped"]
    start(begun, "schedule", owner)
    with fence.inside(lisbon.pk):
        assert Delivery.objects.get().due_at == at("2027-03-28 02:00", "Europe/Lisbon")


@pytest.mark.usefixtures("channel")
def test_an_import_is_taken_back_whole(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    text = a_file("ben;17/11/2026;19:30;Nóng;", "ben;;;Nháp;")
    begun = start(begin(ana, text), "schedule", ana)

    with fence.inside(bakery.pk):
        actions.undo_import(begun, by=ana)
    run_enqueued()

    assert (again(begun).state, again(begun).done_count) == ("undone", 0)
    assert posts(bakery) == []
    with fence.inside(bakery.pk):
        assert not Delivery.objects.filter(state="due").exists()
    # Its rows are free again.
    assert begin(ana, text).ready_count == 2


@pytest.mark.usefixtures("channel")
def test_what_is_live_stays_when_its_import_is_taken_back(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(ana, a_file("ben;17/11/2026;19:30;Nóng;", "ben;18/11/2026;19:30;Giòn;"))
    start(begun, "schedule", ana)
    with fence.inside(bakery.pk):
        live = Delivery.objects.order_by("due_at")[0]
        Delivery.objects.filter(pk=live.pk).update(state="delivered", external_id="1")
        actions.undo_import(begun, by=ana)
    run_enqueued()

    assert (again(begun).state, again(begun).done_count) == ("undone", 1)
    assert [row.state for row in rows(begun)] == ["done", "undone"]
    assert [one.pk for one in posts(bakery)] == [live.post_id]


@pytest.mark.usefixtures("channel")
def test_a_stopped_import_keeps_what_is_in_and_goes_on_when_asked(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(ana, a_file(*(f"ben;;;Bài {number};" for number in range(30))))
    with fence.inside(bakery.pk):
        actions.start_import(begun, mode="drafts", by=ana)
        actions.stop_import(again(begun), by=ana)
    run_enqueued()
    assert (again(begun).state, len(posts(bakery))) == ("cancelled", 0)

    assert start(again(begun), "drafts", ana).done_count == 30


@pytest.mark.parametrize("count", [3, 120])
@pytest.mark.usefixtures("channel")
def test_a_batch_of_rows_asks_as_little_as_a_few_rows_do(bakery: Workspace, count: int) -> None:
    ana = cast.ana(bakery)
    lines = (
        f"ben;17/11/2026;{number // 60}:{number % 60:02};Bài {number};Tết"
        for number in range(count)
    )
    begun = begin(ana, a_file(*lines))
    with fence.inside(bakery.pk):
        running = actions.start_import(begun, mode="schedule", by=ana)

    with asks_at_most(45):
        actions.run_import(workspace_id=bakery.pk, import_id=begun.pk, attempt=running.attempt)

    assert again(begun).done_count == count
    with fence.inside(bakery.pk):
        assert Delivery.objects.count() == count
        assert Campaign.objects.count() == 1


@pytest.mark.usefixtures("channel")
def test_one_row_that_is_refused_leaves_its_whole_batch_alone(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(ana, a_file(*(f"ben;17/11/2026;{9 + n}:00;Bài {n};" for n in range(5))))
    with fence.inside(bakery.pk):
        # It was fit when it was read; since then somebody broke the words of the third row.
        third = rows(begun)[2]
        third.cells = [*third.cells[:3], "a" * 600, *third.cells[4:]]
        third.save()

    done = start(begun, "schedule", ana)

    assert (done.done_count, done.refused_count) == (4, 1)
    assert codes(rows(begun)[2])[0] == "text.too_long"
    assert [one.document.parts[0].caption for one in posts(bakery)] == [
        f"Bài {n}" for n in (0, 1, 3, 4)
    ]
