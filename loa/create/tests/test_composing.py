"""Writing posts: nothing that somebody typed is lost."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from loa.content.models import Post, Revision
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.revisions import PostState
from loa.create import actions
from loa.create.tests.desk import WORDS, Desk, a_desk, saying
from loa.library.actions import describe_asset, keep_upload
from loa.library.tests.pictures import a_picture
from loa.ops import clock
from loa.publish.models import Delivery
from tests.bakery import elsewhere
from tests.cast import a_channel
from tests.races import at_once


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:  # noqa: ARG001 (opens the database)
    made = a_desk()
    with made.bakery.inside():
        yield made


def test_a_new_post_is_kept_with_its_first_revision(desk: Desk) -> None:
    assert desk.now.revision == 1
    assert desk.now.search_text == "sourdough\nthe sourdough is out of the oven.\n"
    (first,) = desk.revisions()
    assert (first.moment, PostState.from_json(first.state)) == ("created", desk.state)


def test_saving_counts_a_revision_and_saving_the_same_again_does_not(desk: Desk) -> None:
    desk.edit("Rolls too.")
    desk.edit("Rolls too.")

    assert desk.now.revision == 2
    assert desk.state.shared == saying("Rolls too.")


def test_decomposed_text_and_foreign_line_ends_are_kept_in_one_form(desk: Desk) -> None:
    desk.edit(unicodedata.normalize("NFD", "Bến\r\nấm") + "\x00 ")

    assert desk.state.shared == saying("Bến\nấm")


def test_a_second_tab_is_told_and_both_texts_are_kept(desk: Desk) -> None:
    desk.edit("From the first tab.", base=1)

    with pytest.raises(actions.ConflictingEdit) as conflict:
        desk.edit("From the second tab.", base=1, tab="two")

    assert desk.state.shared == saying("From the first tab.")
    assert conflict.value.theirs.shared == saying("From the first tab.")
    assert conflict.value.mine.shared == saying("From the second tab.")
    (aside,) = desk.revisions(Revision.Kind.SET_ASIDE)
    assert PostState.from_json(aside.state).shared == saying("From the second tab.")
    base, mine, theirs = actions.conflict_of(desk.now, aside=aside)
    assert base is not None
    assert (base.shared, mine, theirs) == (
        saying(WORDS),
        conflict.value.mine,
        conflict.value.theirs,
    )


def test_a_losing_tab_that_types_on_keeps_its_newest_words_and_not_a_row_per_key(
    desk: Desk,
) -> None:
    desk.edit("Saved.", base=1)
    for tab, text in (("two", "a"), ("two", "ab"), ("three", "c")):
        with pytest.raises(actions.ConflictingEdit):
            desk.edit(text, base=1, tab=tab)

    kept = {
        one.tab: PostState.from_json(one.state).shared.opening
        for one in desk.revisions(Revision.Kind.SET_ASIDE)
    }
    assert kept == {"two": "ab", "three": "c"}


def test_a_page_whose_answer_was_lost_does_not_conflict_with_itself(desk: Desk) -> None:
    desk.edit("One", base=1, tab="mine")
    desk.edit("One two", base=1, tab="mine")
    assert desk.edit("One two three", base=2, tab="mine").revision == 4

    desk.edit("Somebody else", base=4, tab="other")

    with pytest.raises(actions.ConflictingEdit):
        desk.edit("One two three four", base=4, tab="mine")


def test_a_new_page_that_asks_twice_begins_one_post(desk: Desk) -> None:
    first = actions.create_post(desk.bakery.ben, state=desk.state, tab="new")
    again = actions.create_post(desk.bakery.ben, state=desk.state, tab="new")
    other = actions.create_post(desk.bakery.ana, state=desk.state, tab="new")

    assert first == again
    assert other != first


def test_an_old_tab_that_says_what_is_saved_already_is_no_conflict(desk: Desk) -> None:
    desk.edit("Same.", base=1)

    assert desk.edit("Same.", base=1).revision == 2


def test_what_was_put_together_is_saved_as_such(desk: Desk) -> None:
    desk.edit("Theirs.", base=1)

    actions.settle_conflict(
        desk.post,
        base_revision=2,
        state=replace(desk.state, title="Mine", shared=saying("Both.")),
        by=desk.bakery.ben,
    )

    assert desk.revisions()[0].moment == "merged"
    assert desk.state.title == "Mine"


def test_quick_saves_are_one_step_of_the_history_and_old_steps_stay(desk: Desk) -> None:
    start = clock.now()
    for step in range(60):
        with clock.at(start + timedelta(seconds=10 * step)):
            desk.edit(f"Draft {step}.")

    kept = desk.revisions()
    assert desk.now.revision == 61
    assert [one.number for one in kept[:12]] == list(range(61, 49, -1))
    assert len(kept) < 25
    assert kept[-1].moment == "created"


def test_an_earlier_state_comes_back_as_a_new_revision(desk: Desk) -> None:
    first = desk.revisions()[0]
    desk.edit("Changed.")

    actions.restore_revision(desk.post, revision=first, by=desk.bakery.ana)

    assert desk.state.shared == saying(WORDS)
    assert (desk.now.revision, desk.revisions()[0].moment) == (3, "restored")


def test_a_copy_says_the_same_and_promises_nothing(desk: Desk) -> None:
    desk.plan()

    copy = actions.duplicate_post(desk.post, by=desk.bakery.ana)

    variant = copy.variants.get()
    assert (variant.document, variant.planned_at) == (saying(WORDS), None)
    assert (copy.written_by, copy.review) == (desk.bakery.ana, Post.Review.NONE)


def test_a_channel_follows_until_it_is_changed_and_can_come_back(desk: Desk) -> None:
    own = replace(desk.state, own={desk.channel.pk: saying("Just here.")})
    actions.save_post(desk.post, base_revision=1, state=own, by=desk.bakery.ben)
    desk.edit("Everywhere else.")
    assert desk.now.variants.get().document == saying("Just here.")

    back = replace(desk.state, own={desk.channel.pk: None})
    actions.save_post(desk.post, base_revision=3, state=back, by=desk.bakery.ben)

    assert desk.now.variants.get().document == saying("Everywhere else.")


def test_another_workspaces_channel_is_refused(desk: Desk) -> None:
    theirs = a_channel(elsewhere().workspace)
    state = replace(desk.state, own={theirs.pk: None})

    with desk.bakery.inside(), pytest.raises(actions.TooMuch):
        actions.save_post(desk.post, base_revision=1, state=state, by=desk.bakery.ben)


@pytest.mark.parametrize(
    "document",
    [
        saying("x" * 50_001),
        Document(tuple(Part("x") for _ in range(61))),
        Document((Part("x", tuple(Attachment(1) for _ in range(61))),)),
    ],
)
def test_more_than_any_post_needs_is_refused(desk: Desk, document: Document) -> None:
    with pytest.raises(actions.TooMuch):
        actions.save_post(
            desk.post,
            base_revision=1,
            state=replace(desk.state, shared=document),
            by=desk.bakery.ben,
        )


def test_a_picture_keeps_the_words_it_was_attached_with(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    asset = keep_upload(BytesIO(a_picture()), filename="a.jpg", by=desk.bakery.ben)
    describe_asset(asset, alt_text="A loaf", focus=(0.5, 0.0))
    picture = Document((Part("Look", (Attachment(asset.pk),)),))
    actions.save_post(
        desk.post,
        base_revision=1,
        state=replace(desk.state, shared=picture),
        by=desk.bakery.ben,
    )

    describe_asset(asset, alt_text="Something nobody approved")

    (image,) = desk.state.shared.parts[0].attachments
    assert (image.alt_text, image.focus) == ("A loaf", (0.5, 0.0))


def test_a_deleted_post_is_stopped_and_comes_back_scheduled(desk: Desk) -> None:
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)

    actions.delete_post(desk.post, by=desk.bakery.ben)

    assert Delivery.objects.get(post=desk.post).state == "cancelled"
    with pytest.raises(actions.PostDeleted):
        desk.edit("Too late.")

    actions.restore_post(desk.post, by=desk.bakery.ben)

    assert Delivery.objects.get(post=desk.post).state == "due"


def live(desk: Desk) -> None:
    """Write what sending would: the variant is live with these words."""
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)
    Delivery.objects.filter(post=desk.post).update(
        state="delivered", external_id="1", outgoing=saying(WORDS).to_json()
    )


def test_what_is_live_keeps_its_words_when_the_shared_text_moves_on(desk: Desk) -> None:
    live(desk)
    other = a_channel(desk.bakery.workspace, name="Market")
    with desk.bakery.inside():
        actions.save_post(
            desk.post,
            base_revision=desk.now.revision,
            state=replace(desk.state, own={**desk.state.own, other.pk: None}),
            by=desk.bakery.ben,
        )

        desk.edit("New words.")

    said = {variant.channel_id: variant.document.opening for variant in desk.now.variants.all()}
    assert said == {desk.channel.pk: WORDS, other.pk: "New words."}


def test_what_is_live_cannot_be_rewritten_taken_out_or_deleted(desk: Desk) -> None:
    live(desk)
    revision = desk.now.revision
    for own in ({desk.channel.pk: saying("Never said")}, {}):
        with pytest.raises(actions.AlreadyOut):
            actions.save_post(
                desk.post,
                base_revision=revision,
                state=replace(desk.state, own=own),
                by=desk.bakery.ben,
            )
    with pytest.raises(actions.AlreadyOut):
        actions.delete_post(desk.post, by=desk.bakery.ben)


def test_a_channel_taken_out_is_no_longer_sent_to(desk: Desk) -> None:
    desk.plan()
    actions.schedule_post(desk.post, by=desk.bakery.ben)

    actions.save_post(
        desk.post,
        base_revision=1,
        state=replace(desk.state, own={}),
        by=desk.bakery.ben,
    )

    assert not Delivery.objects.filter(post=desk.post).exists()
    assert not desk.now.variants.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_saved_and_the_other_kept_aside() -> None:
    desk = a_desk()

    def save(text: str) -> Post:
        with desk.bakery.inside():
            try:
                return desk.edit(text, base=1, tab=text)
            except actions.ConflictingEdit as conflict:
                return conflict.post

    outcomes = at_once(*(lambda text=text: save(text) for text in ("One.", "Two.", "Three.")))

    assert all(isinstance(one, Post) for one in outcomes), outcomes
    with desk.bakery.inside():
        assert desk.now.revision == 2
        aside = [
            PostState.from_json(one.state).shared.opening
            for one in desk.revisions(Revision.Kind.SET_ASIDE)
        ]
        assert sorted([desk.state.shared.opening, *aside]) == ["One.", "Three.", "Two."]
