"""A new version stands beside the old one; what shows the old one goes on showing it."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from loa.content.models import Post, ReviewRule
from loa.content.queries import fingerprint_of, may_go_out
from loa.create.actions import use_newest
from loa.library import actions
from loa.library.models import Asset, RenditionOrder
from loa.library.queries import facts_of, media_for, offered, versions_of
from loa.library.tests.films import a_film
from loa.library.tests.pictures import a_picture
from loa.library.tests.sending import Sender
from loa.library.tests.test_uploads import RULES, Attachment
from loa.publish.models import Delivery
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.cast import a_channel, a_post, signed_in
from tests.races import at_once

pytestmark = pytest.mark.django_db
RED, GREEN, BLUE = (200, 20, 20), (20, 200, 20), (20, 20, 200)


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def keep(bakery: Bakery, colour: tuple[int, int, int] = RED) -> Asset:
    with bakery.inside():
        upload = BytesIO(a_picture(colour=colour))
        return actions.keep_upload(upload, filename="cup.jpg", by=bakery.ben)


def replace_it(bakery: Bakery, asset: Asset, colour: tuple[int, int, int] = GREEN) -> Asset:
    with bakery.inside():
        upload = BytesIO(a_picture(colour=colour))
        return actions.add_version(upload, of=asset, filename="cup-2.jpg", by=bakery.ben)


def shown_by(post: Post, bakery: Bakery) -> list[int]:
    with bakery.inside():
        return list(Post.objects.get(pk=post.pk).document.asset_ids())


def test_a_version_begins_with_all_that_was_said(bakery: Bakery) -> None:
    first = keep(bakery)
    with bakery.inside():
        actions.describe_asset(first, alt_text="A cup", focus=(0.5, -0.5))
        actions.tag_assets([first.pk], name="cup", by=bakery.ben)
        terms = actions.Terms(creator="Lan", until=date(2027, 1, 1))
        actions.note_rights(first, terms=terms, by=bakery.ben)
        actions.add_consent(first, person="Minh", until=date(2026, 12, 31), by=bakery.ben)
        first = Asset.objects.get(pk=first.pk)

    second = replace_it(bakery, first)

    with bakery.inside():
        second = Asset.objects.get(pk=second.pk)
        assert (second.alt_text, second.focus_x, second.creator) == ("A cup", 0.5, "Lan")
        assert second.usable_until == date(2026, 12, 31)
        assert second.consents.get().person == "Minh"
        assert [one.version for one in versions_of(first)] == [2, 1]
        assert list(offered(bakery.workspace, words="cup lan")) == [second]
        assert facts_of([first.pk], workspace=bakery.workspace)[first.pk].is_replaced


def test_the_old_version_keeps_its_file(bakery: Bakery) -> None:
    first = keep(bakery)
    second = replace_it(bakery, first)

    with bakery.inside():
        old, new = media_for(
            (Attachment(first.pk), Attachment(second.pk)), workspace=bakery.workspace, rules=RULES
        )

    with old.open() as before, new.open() as after:
        assert before.read() != after.read()


@pytest.mark.django_db(transaction=True)
def test_two_versions_sent_at_once_come_one_after_the_other() -> None:
    bakery = riverside_bakery()
    first = keep(bakery)

    at_once(
        lambda: replace_it(bakery, first, GREEN),
        lambda: replace_it(bakery, first, BLUE),
        lambda: replace_it(bakery, first, (9, 9, 9)),
    )

    with bakery.inside():
        versions = list(versions_of(first))
        assert [one.version for one in versions] == [4, 3, 2, 1]
        assert [one.newer_id for one in versions] == [None, *(one.pk for one in versions[:-1])]


def test_a_file_that_is_here_already_is_no_version(bakery: Bakery) -> None:
    first, other = keep(bakery), keep(bakery, BLUE)

    with pytest.raises(actions.AlreadyKept) as known:
        replace_it(bakery, first, BLUE)

    assert known.value.asset == other
    with bakery.inside():
        assert versions_of(first).count() == 1


def test_nothing_changes_in_a_post_until_somebody_says_so(bakery: Bakery) -> None:
    first = keep(bakery)
    post = a_post(bakery.workspace, assets=(first,))
    with bakery.inside():
        before = fingerprint_of(post)

    second = replace_it(bakery, first)
    with bakery.inside():
        assert fingerprint_of(post) == before
        renewed = use_newest(first, by=bakery.ben)

    assert [one.pk for one in renewed.changed] == [post.pk]
    assert shown_by(post, bakery) == [second.pk]
    with bakery.inside():
        assert use_newest(first, by=bakery.ben).changed == ()


def test_an_approved_post_is_asked_for_again(bakery: Bakery) -> None:
    first = keep(bakery)
    channel = a_channel(bakery.workspace)
    post = a_post(bakery.workspace, channels=(channel,), assets=(first,))
    with bakery.inside():
        ReviewRule.objects.create(workspace=bakery.workspace, mode=ReviewRule.Mode.ANY)
        seal = fingerprint_of(post)
        Post.objects.filter(pk=post.pk).update(review="approved", approved_fingerprint=seal)
    replace_it(bakery, first)
    with bakery.inside():
        assert may_go_out(Post.objects.get(pk=post.pk))  # it shows what was approved

        renewed = use_newest(first, by=bakery.ben)

        assert [one.pk for one in renewed.to_approve] == [post.pk]
        assert not may_go_out(Post.objects.get(pk=post.pk))


def test_what_has_gone_out_keeps_what_it_shows(bakery: Bakery) -> None:
    first = keep(bakery)
    out, waiting = a_channel(bakery.workspace), a_channel(bakery.workspace)
    post = a_post(bakery.workspace, channels=(out, waiting), assets=(first,))
    gone = a_post(bakery.workspace, channels=(out,), assets=(first,))
    with bakery.inside():
        for one in (post, gone):
            delivered(one, out_of=one, channel_id=out.pk, bakery=bakery)
    second = replace_it(bakery, first)

    with bakery.inside():
        renewed = use_newest(first, by=bakery.ben)

        shown = {
            one.channel_id: one.document.asset_ids() for one in post.variants.select_related("post")
        }
    assert [one.pk for one in renewed.changed] == [post.pk]
    assert shown == {out.pk: (first.pk,), waiting.pk: (second.pk,)}
    assert shown_by(gone, bakery) == [first.pk]


def delivered(post: Post, *, out_of: Post, channel_id: int, bakery: Bakery) -> None:
    now = out_of.created_at
    Delivery.objects.create(
        workspace=bakery.workspace,
        variant=post.variants.get(channel=channel_id),
        post=post,
        channel_id=channel_id,
        state="delivered",
        external_id="101",
        due_at=now,
        ready_at=now,
        late_after=now,
        scheduled_by=bakery.ben,
        scheduled_at=now,
    )


def test_a_version_is_added_and_used_from_the_page(bakery: Bakery) -> None:
    first = keep(bakery)
    post = a_post(bakery.workspace, assets=(first,))
    ben = signed_in(bakery.ben)
    base = f"/w/{bakery.workspace.slug}/library/{first.pk}/"
    file: Callable[[bytes], dict[str, SimpleUploadedFile]] = lambda content: {  # noqa: E731
        "file": SimpleUploadedFile("new.jpg", content)
    }

    answer = ben.post(f"{base}versions/", file(a_picture(colour=GREEN)), follow=True)
    again = ben.post(f"{base}versions/", file(a_picture(colour=GREEN)), follow=True)
    broken = ben.post(f"{base}versions/", file(b"<svg>"), follow=True)

    assert "newest version now" in answer.content.decode()
    assert "has “new.jpg” already" in again.content.decode()
    assert "SVG drawing" in broken.content.decode()
    page = ben.get(base).content.decode()
    assert "This is an older version" in page
    told = ben.post(f"/w/{bakery.workspace.slug}/posts/use-newest/{first.pk}/", follow=True)
    assert "1 post shows the newest version now." in told.content.decode()
    assert shown_by(post, bakery) != [first.pk]


def a_video(bakery: Bakery) -> Asset:
    with bakery.inside():
        return actions.keep_upload(BytesIO(a_film()), filename="oven.mp4", by=bakery.ben)


def test_a_video_gets_a_version_that_is_measured_anew(bakery: Bakery) -> None:
    first = a_video(bakery)
    with bakery.inside():
        actions.describe_asset(first, alt_text="The oven", focus=(0.0, 0.0))

        second = actions.add_version(
            BytesIO(a_film(size="640x360", seconds=1)), of=first, filename="cut.mp4", by=bakery.ben
        )

        second = Asset.objects.select_related("film").get(pk=second.pk)
        assert (second.version, second.alt_text, second.is_video) == (2, "The oven", True)
        assert (second.width_px, second.film.state) == (640, "checking")
        assert RenditionOrder.objects.filter(asset=second).exists()
        assert Asset.objects.get(pk=first.pk).newer_id == second.pk


def test_a_picture_is_no_version_of_a_video_nor_the_other_way_round(bakery: Bakery) -> None:
    video, picture = a_video(bakery), keep(bakery)
    ben = signed_in(bakery.ben)

    for asset, content in ((video, a_picture(colour=BLUE)), (picture, a_film(seconds=1))):
        sent = {"file": SimpleUploadedFile("new", content)}
        page = f"/w/{bakery.workspace.slug}/library/{asset.pk}/versions/"
        plain = ben.post(page, sent, follow=True)
        sent["file"].seek(0)
        script = ben.post(page, sent, headers={"HX-Request": "true"})

        assert "is another kind of file" in plain.content.decode()
        assert script.status_code == 422
        assert "is another kind of file" in script.content.decode()
    with bakery.inside():
        assert Asset.objects.count() == 2


def test_a_version_arrives_in_pieces(bakery: Bakery, tmp_path: Path, settings: Settings) -> None:
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    first, film = a_video(bakery), a_film(seconds=1)
    sender = Sender.of(bakery.ben)
    begin = f"/w/{bakery.workspace.slug}/library/{first.pk}/versions/uploads/"
    fields = {"name": "cut.mp4", "size_bytes": len(film), "modified_ms": 5}

    beside = sender.begun("cut.mp4", len(film))
    where = str(sender.client.post(begin, fields).headers["Location"])
    assert where != beside  # the same file on its way to another place is another upload
    sender.piece(where, film[:1000], at=0)
    sender.piece(where, film[1000:], at=1000)
    taken = sender.take(where, film)
    again = sender.take(where, film)

    assert taken.status_code == 200
    assert again.content == taken.content
    with bakery.inside():
        assert [one.version for one in versions_of(first)] == [2, 1]


def test_a_stranger_adds_no_version(bakery: Bakery) -> None:
    first, stranger = keep(bakery), elsewhere()

    answer = signed_in(stranger.ana).post(
        f"/w/{stranger.workspace.slug}/posts/use-newest/{first.pk}/"
    )

    assert answer.status_code == 404
