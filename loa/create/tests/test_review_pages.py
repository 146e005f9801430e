"""Review over HTTP: the queue, votes, notes, the rule; lists and history beside it."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from loa.content.models import Post, ReviewRule
from loa.content.queries import fingerprint_of, state_of
from loa.create import actions
from loa.create.tests.desk import Desk, a_desk, saying
from loa.publish.models import Delivery
from loa.workspace.models import Member
from tests.cast import signed_in
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    made = a_desk()
    with made.bakery.inside():
        actions.set_review_rule(made.bakery.ana, mode=ReviewRule.Mode.ANY, may_approve_own=False)
        made.plan()
        actions.request_review(made.post, by=made.bakery.ben, wants_sending=True)
    return made


def url(desk: Desk, name: str, *args: object) -> str:
    return reverse(f"create:{name}", args=[desk.bakery.workspace.slug, *args])


def seen(client: Client, desk: Desk) -> str:
    """Return the fingerprint on the page that the member looks at."""
    page = client.get(url(desk, "post", desk.post.pk)).content.decode()
    found = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page)
    assert found, "the page offers no vote"
    return found[1]


def vote(desk: Desk, member: Member, name: str = "approve", **fields: str) -> str:
    client = signed_in(member)
    fields = {"fingerprint": fields.pop("fingerprint", "") or seen(client, desk), **fields}
    answer = client.post(url(desk, name, desk.post.pk), fields, follow=True)
    return answer.content.decode()


def the_post(desk: Desk) -> Post:
    with desk.bakery.inside():
        return Post.objects.get()


def test_an_approver_sees_the_post_as_readers_will_and_approves_it(desk: Desk) -> None:
    page = vote(desk, desk.bakery.chloe)

    assert "Approved. It goes out at its time." in page
    assert "preview-post" in page
    assert "<textarea" not in page.split("review-panel")[0]
    with desk.bakery.inside():
        assert Delivery.objects.get().state == "due"


def test_words_that_changed_since_the_approver_looked_are_not_approved(desk: Desk) -> None:
    client = signed_in(desk.bakery.chloe)
    before = seen(client, desk)
    with desk.bakery.inside():
        desk.edit("Something else.")

    page = vote(desk, desk.bakery.chloe, fingerprint=before)

    assert "was changed since you looked" in page
    assert the_post(desk).review == "requested"


def test_the_writer_is_told_why_they_cannot_approve(desk: Desk) -> None:
    with desk.bakery.inside():
        actions.save_post(
            desk.post,
            base_revision=desk.now.revision,
            state=replace(desk.state, shared=saying("Ana's words.")),
            by=desk.bakery.ana,
        )
        fingerprint = fingerprint_of(desk.now)

    page = vote(desk, desk.bakery.ana, fingerprint=fingerprint)

    assert "somebody else must approve it" in page
    assert "Approve</button>" not in page


def test_asking_for_changes_needs_words_and_leaves_them_as_a_note(desk: Desk) -> None:
    assert "Say what should change" in vote(desk, desk.bakery.chloe, "ask-changes", words=" ")

    page = vote(desk, desk.bakery.chloe, "ask-changes", words="Name the <b>flour</b>.")

    assert "Name the &lt;b&gt;flour&lt;/b&gt;." in page
    assert the_post(desk).review == "changes"


def test_the_queue_shows_first_what_waits_for_me(desk: Desk) -> None:
    mine = signed_in(desk.bakery.chloe).get(url(desk, "review-queue")).content.decode()
    others = signed_in(desk.bakery.ben).get(url(desk, "review-queue")).content.decode()

    assert "Waits for you" in mine
    assert "Waits for you" not in others
    assert "Sourdough" in others


def test_the_queue_asks_as_many_questions_for_ten_posts_as_for_one(desk: Desk) -> None:
    with desk.bakery.inside():
        for number in range(9):
            state = replace(state_of(desk.now), title=f"Loaf {number}")
            post = actions.create_post(desk.bakery.ben, state=state)
            actions.request_review(post, by=desk.bakery.ben)
    client = signed_in(desk.bakery.chloe)
    client.get(url(desk, "review-queue"))  # the session and the rail's counts are kept by now

    with asks_at_most(15):
        client.get(url(desk, "review-queue"))


def test_notes_are_left_and_only_ones_own_are_removed(desk: Desk) -> None:
    chloe = signed_in(desk.bakery.chloe)
    chloe.post(url(desk, "add-note", desk.post.pk), {"words": "Lovely."})
    chloe.post(url(desk, "add-note", desk.post.pk), {"words": "  "})
    with desk.bakery.inside():
        note = desk.post.notes.get()

    signed_in(desk.bakery.ben).post(url(desk, "delete-note", desk.post.pk, note.pk))
    with desk.bakery.inside():
        assert desk.post.notes.exists()
    chloe.post(url(desk, "delete-note", desk.post.pk, note.pk))
    with desk.bakery.inside():
        assert not desk.post.notes.exists()


def test_only_who_manages_the_workspace_sets_the_rule(desk: Desk) -> None:
    rule = {"mode": "all", "approver": str(desk.bakery.chloe.pk)}
    assert signed_in(desk.bakery.ben).post(url(desk, "review-rule"), rule).status_code == 403

    ana = signed_in(desk.bakery.ana)
    ana.post(url(desk, "review-rule"), rule)
    with desk.bakery.inside():
        assert ReviewRule.objects.get().mode == "all"
    empty = ana.post(url(desk, "review-rule"), {"mode": "all"}, follow=True).content.decode()
    assert "Choose who must agree" in empty


def test_taking_the_request_back_leaves_a_draft(desk: Desk) -> None:
    signed_in(desk.bakery.ben).post(url(desk, "withdraw", desk.post.pk))

    assert the_post(desk).review == "none"


def test_the_history_shows_what_changed_and_brings_it_back(desk: Desk) -> None:
    with desk.bakery.inside():
        desk.edit("The rye is out of the oven.")
        first = desk.revisions()[-1]
    client = signed_in(desk.bakery.ben)

    page = client.get(url(desk, "history", desk.post.pk)).content.decode()
    client.post(url(desk, "restore-revision", desk.post.pk, first.pk))

    assert "<del>sourdough</del><ins>rye</ins>" in page
    with desk.bakery.inside():
        assert "sourdough" in desk.state.shared.opening


def test_a_post_is_found_by_words_without_accents_state_and_channel(desk: Desk) -> None:
    with desk.bakery.inside():
        desk.edit("Cà phê sữa đá.")
    client = signed_in(desk.bakery.ben)

    def listed(**query: str | int) -> bool:
        return "Sourdough" in client.get(url(desk, "posts"), query).content.decode()

    assert listed(words="CA PHE da")
    assert not listed(words="tea")
    assert listed(state="review")
    assert not listed(state="delivered")
    assert not listed(state="deleted")
    assert listed(channel=desk.channel.pk)
    assert not listed(channel=desk.channel.pk + 1)
    assert listed(state="nonsense", channel="x", campaign="y", page="z")


def test_the_list_asks_few_questions(desk: Desk) -> None:
    with desk.bakery.inside():
        for number in range(12):
            state = replace(state_of(desk.now), title=f"Loaf {number}")
            actions.create_post(desk.bakery.ben, state=state)
    client = signed_in(desk.bakery.ben)
    client.get(url(desk, "posts"))

    with asks_at_most(10):
        client.get(url(desk, "posts"))


def test_deleting_can_be_undone_from_the_toast(desk: Desk) -> None:
    client = signed_in(desk.bakery.ben)

    page = client.post(url(desk, "delete-post", desk.post.pk), follow=True).content.decode()
    assert url(desk, "restore-post", desk.post.pk) in page
    client.post(url(desk, "restore-post", desk.post.pk))

    assert the_post(desk).deleted_at is None


def test_a_copy_opens_in_the_composer(desk: Desk) -> None:
    client = signed_in(desk.bakery.ben)

    page = client.post(url(desk, "duplicate-post", desk.post.pk), follow=True).content.decode()

    assert "The sourdough is out of the oven." in page
