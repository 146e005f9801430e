"""The composer over HTTP, with and without scripts: what is sent is kept, what is wrong is said."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from loa.channels.models import Channel
from loa.connectors.contract import ImageRules, Limits, TextRules, TextUnit
from loa.content.models import Post, ReviewRule, Revision
from loa.content.queries import state_of
from loa.content.rules.document import Document, Part
from loa.content.rules.revisions import PostState
from loa.create import actions
from loa.create.tests.desk import saying
from loa.library.tests.pictures import a_picture
from loa.publish.models import Delivery
from loa.workspace.models import Member, Workspace
from tests.bakery import Bakery, riverside_bakery
from tests.cast import a_channel, signed_in
from tests.questions import asks_at_most

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@dataclass
class Page:
    """Ben's browser at the bakery, which has two channels."""

    bakery: Bakery
    client: Client
    first: Channel
    second: Channel

    def url(self, name: str, *args: object) -> str:
        return reverse(f"create:{name}", args=[self.bakery.workspace.slug, *args])

    def send(self, *, script: bool = True, **fields: Any) -> Any:
        """Send the composer's form; names are written with __ for their dots."""
        data = {"channel": [str(self.first.pk)], "language": "en"}
        data |= {name.replace("__", "."): value for name, value in fields.items()}
        headers = SCRIPT if script else {}
        return self.client.post(self.url("save-post"), data, headers=headers)

    def begin(self, text: str = "Fresh at nine.", **own: str) -> Post:
        with self.bakery.inside():
            documents = {self.first.pk: None} if not own else {self.first.pk: saying(own["own"])}
            state = PostState(title="Loaves", shared=saying(text), own=documents)
            return actions.create_post(self.bakery.ben, state=state)

    def now(self, post: Post) -> PostState:
        with self.bakery.inside():
            return state_of(Post.objects.get(pk=post.pk))

    @property
    def posts(self) -> list[Post]:
        with self.bakery.inside():
            return list(Post.objects.order_by("pk"))


@pytest.fixture
def page() -> Page:
    bakery = riverside_bakery()
    return Page(
        bakery,
        signed_in(bakery.ben),
        a_channel(bakery.workspace, name="Shop"),
        a_channel(bakery.workspace, name="Market"),
    )


def words(answer: Any) -> str:
    """Return the page; the client's answers have no type of their own."""
    return str(answer.content.decode())


def test_a_new_page_keeps_nothing_until_something_is_written(page: Page) -> None:
    shown = words(page.client.get(page.url("compose")))
    empty = page.send(s__p0__caption=" ")

    assert "Shop" in shown
    assert "Market" in shown
    assert empty.status_code == 200
    assert page.posts == []


def test_what_is_typed_first_becomes_a_post_and_the_page_goes_on_with_it(page: Page) -> None:
    answer = page.send(tab="t1", s__p0__caption="Fresh", title="Loaves")

    (post,) = page.posts
    assert answer.headers["HX-Replace-Url"] == page.url("post", post.pk)
    assert f'name="post" form="composer" value="{post.pk}"' in words(answer)
    assert 'name="revision" form="composer" value="1"' in words(answer)
    again = page.send(tab="t1", post=post.pk, revision=1, s__p0__caption="Fresh at nine")
    assert 'name="revision" form="composer" value="2"' in words(again)
    assert page.now(post).shared == saying("Fresh at nine")


def test_an_answer_to_typing_touches_no_field(page: Page) -> None:
    answer = words(page.send(s__p0__caption="Fresh"))

    assert "<textarea" not in answer
    assert 'id="findings-s"' in answer
    assert 'id="composer-previews"' in answer


def test_the_server_counts_and_finds_like_it_will_when_sending(page: Page) -> None:
    limits = Limits(
        TextRules(max_chars=10, unit=TextUnit.GRAPHEMES), ImageRules(4, 10**6, ("image/jpeg",), 99)
    )
    page.first.limits = limits.to_json()
    with page.bakery.inside():
        page.first.save()

    answer = words(page.send(s__p0__caption="x" * 11))

    assert "1 character too long: 11 of 10." in answer
    assert "<b>11</b> / 10" in answer
    assert re.search(r'value="schedule"[^>]*disabled', answer)


def test_a_channel_gets_its_own_words_and_returns_to_the_shared_ones(page: Page) -> None:
    post = page.begin()
    name = f"c{page.first.pk}"

    own = page.send(post=post.pk, revision=1, do=f"own:{name}", s__p0__caption="Fresh at nine.")

    assert f'name="{name}.p0.caption"' in words(own)
    both: dict[str, Any] = {"s__p0__caption": "A", f"{name}__p0__caption": "B"}
    page.send(post=post.pk, revision=2, **both)
    assert page.now(post).own == {page.first.pk: saying("B")}
    page.send(post=post.pk, revision=3, do=f"follow:{name}", **both)
    assert page.now(post).own == {page.first.pk: None}


def test_without_scripts_every_button_saves_and_shows_the_page_again(page: Page) -> None:
    answer = page.send(script=False, do="add-part:s:0", s__p0__caption="One")

    (post,) = page.posts
    assert answer.status_code == 302
    assert len(page.now(post).shared.parts) == 2
    shown = words(page.client.get(answer["Location"]))
    assert 'name="s.p1.caption"' in shown


def test_without_scripts_a_file_comes_with_the_form(page: Page) -> None:
    post = page.begin()
    files = [SimpleUploadedFile("a.jpg", a_picture()), SimpleUploadedFile("b.svg", b"<svg>")]

    answer = page.client.post(
        page.url("save-post"),
        {
            "post": post.pk,
            "revision": 1,
            "channel": page.first.pk,
            "s.p0.caption": "Fresh",
            "s.p0.files": files,
        },
        follow=True,
    )

    assert len(page.now(post).shared.parts[0].attachments) == 1
    assert "SVG drawing" in words(answer)


def test_a_second_tab_is_told_and_its_words_stay_on_the_page_and_aside(page: Page) -> None:
    post = page.begin()
    page.send(post=post.pk, revision=1, tab="one", s__p0__caption="First")

    answer = page.send(post=post.pk, revision=1, tab="two", s__p0__caption="Second")

    assert answer.status_code == 409
    with page.bakery.inside():
        aside = Revision.objects.get(kind="set_aside")
    assert page.url("merge", post.pk, aside.pk) in words(answer)
    assert 'name="revision" form="composer" value="1"' in words(answer)
    assert page.now(post).shared == saying("First")
    plain = page.send(script=False, post=post.pk, revision=1, tab="two", s__p0__caption="Second")
    assert plain.status_code == 409
    assert ">Second</textarea>" in words(plain)


def test_the_two_are_put_together_field_by_field(page: Page) -> None:
    post = page.begin()
    page.send(post=post.pk, revision=1, tab="one", s__p0__caption="First", title="Loaves")
    page.send(post=post.pk, revision=1, tab="two", s__p0__caption="Second", title="Rolls")
    with page.bakery.inside():
        aside = Revision.objects.get(kind="set_aside")
    url = page.url("merge", post.pk, aside.pk)

    shown = words(page.client.get(url))
    page.client.post(url, {"revision": "2", "shared": "mine"})

    assert "<ins>Second</ins>" in shown
    assert (page.now(post).shared, page.now(post).title) == (saying("Second"), "Rolls")


def test_scheduling_saves_what_is_typed_sets_the_time_and_hands_over(page: Page) -> None:
    post = page.begin()

    answer = page.send(
        post=post.pk, revision=1, do="schedule", planned="2099-03-08T09:00", s__p0__caption="Now"
    )

    assert (answer.status_code, answer["Location"]) == (302, page.url("post", post.pk))
    with page.bakery.inside():
        delivery = Delivery.objects.get()
    assert delivery.due_at.isoformat() == "2099-03-08T02:00:00+00:00"
    assert page.now(post).shared == saying("Now")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"planned": "2020-03-08T09:00"}, "That time has passed."),
        ({"planned": "soon"}, "That is not a date and time."),
        ({"planned": ""}, "Choose a time first"),
    ],
)
def test_a_time_that_cannot_be_is_said_and_the_words_are_kept(
    page: Page, fields: dict[str, Any], sentence: str
) -> None:
    answer = page.send(do="schedule", s__p0__caption="Kept", **fields)

    (post,) = page.posts
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert page.now(post).shared == saying("Kept")
    assert answer.headers["HX-Replace-Url"] == page.url("post", post.pk)


def test_a_time_that_the_clocks_skip_is_answered_with_what_it_becomes(page: Page) -> None:
    with page.bakery.inside():
        Workspace.objects.filter(pk=page.bakery.workspace.pk).update(time_zone="Europe/Berlin")

    answer = page.client.post(
        page.url("save-post"),
        {
            "channel": page.first.pk,
            "do": "schedule",
            "planned": "2027-03-28T02:30",
            "s.p0.caption": "Early",
        },
        follow=True,
    )

    assert "so it goes out at 03:00" in words(answer)


def test_sending_now_hands_over_at_once(page: Page) -> None:
    page.send(do="send", s__p0__caption="Now")

    with page.bakery.inside():
        assert Delivery.objects.get().urgent


def test_who_may_not_schedule_can_only_ask(page: Page) -> None:
    with page.bakery.inside():
        Member.objects.filter(pk=page.bakery.ben.pk).update(role="responder")

    assert page.send(do="schedule", s__p0__caption="Now").status_code == 403


def test_under_a_rule_scheduling_asks_for_approval(page: Page) -> None:
    with page.bakery.inside():
        actions.set_review_rule(page.bakery.ana, mode=ReviewRule.Mode.ANY, may_approve_own=False)

    shown = words(page.client.get(page.url("compose")))
    page.send(do="schedule", planned="2099-03-08T09:00", s__p0__caption="Now")

    assert "Ask for approval and schedule" in shown
    (post,) = page.posts
    assert (post.review, post.wants_sending) == ("requested", True)


def test_a_post_of_another_workspace_is_not_there(page: Page) -> None:
    elsewhere = riverside_bakery()
    with elsewhere.inside():
        theirs = actions.create_post(elsewhere.ben, state=PostState(shared=saying("Theirs")))

    answer = page.send(post=theirs.pk, revision=1, s__p0__caption="Mine")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "drop-part:s:99"}, 200),
        ({"do": "explode:s"}, 422),
        ({"s__p0__caption": "x" * 50_001}, 422),
        ({"post": "999999"}, 404),
        ({"channel": ["999999"]}, 422),
        ({"s__p0__a0__asset": "999999"}, 200),
    ],
)
def test_nonsense_is_answered_calmly(page: Page, fields: dict[str, Any], status: int) -> None:
    answer = page.send(**{"s__p0__caption": "Words", **fields})

    assert answer.status_code == status


def test_the_composer_asks_few_questions(page: Page) -> None:
    document = Document(tuple(Part(f"Part {number}") for number in range(4)))
    with page.bakery.inside():
        post = actions.create_post(
            page.bakery.ben,
            state=PostState(
                shared=document, own={page.first.pk: None, page.second.pk: saying("Own")}
            ),
        )
        for number in range(5):
            actions.add_note(post, words=f"Note {number}", by=page.bakery.ana)
    page.client.get(page.url("post", post.pk))

    with asks_at_most(20):
        assert page.client.get(page.url("post", post.pk)).status_code == 200
