"""Folders, tags and doing things to many: nothing is lost, everything can be taken back."""

import pytest
from django.test import Client

from loa.library import actions
from loa.library.models import Asset, AssetTag, Folder, Tag
from loa.library.queries import Asked, asked_for, offered, shelves
from loa.ops import clock
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.cast import a_channel, a_post, an_asset, signed_in
from tests.questions import asks_at_most
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def names(bakery: Bakery, **asked: str) -> list[str]:
    with bakery.inside():
        found = asked_for(bakery.workspace, Asked(**asked), today=clock.now().date())
        return [one.filename for one in found]


def again(bakery: Bakery, asset: Asset) -> Asset:
    with bakery.inside():
        return Asset.objects.select_related("folder").get(pk=asset.pk)


def undo(client: Client, answer_html: str) -> None:
    """Press the undo button that the page offers."""
    address = answer_html.split("/library/many/undo/?", 1)[1].split('"', 1)[0]
    base = answer_html.split("/library/many/undo/?", 1)[0].rsplit('"', 1)[1]
    client.post(f"{base}/library/many/undo/?{address.replace('&amp;', '&')}")


def test_what_lies_deeper_is_in_the_folder_and_found_by_its_name(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace, filename="banh.jpg")
    an_asset(bakery.workspace, filename="xe.jpg")
    with bakery.inside():
        tet = actions.add_folder("Tết", by=bakery.ben)
        year = actions.add_folder("2027", parent=tet, by=bakery.ben)

        actions.move_assets([asset.pk], folder=year, by=bakery.ben)

        assert [one.count for one in shelves(bakery.workspace)] == [1, 1]
        assert list(offered(bakery.workspace, words="tet")) == [asset]
    assert names(bakery, folder=str(tet.pk)) == ["banh.jpg"]
    assert names(bakery, folder="none") == ["xe.jpg"]


def test_renaming_a_folder_renames_what_its_pictures_are_found_by(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    with bakery.inside():
        top = actions.add_folder("Hè", by=bakery.ben)
        folder = actions.add_folder("Biển", parent=top, by=bakery.ben)
        actions.move_assets([asset.pk], folder=folder, by=bakery.ben)

        actions.change_folder(top, name="Trung thu", parent=None)

        assert list(offered(bakery.workspace, words="trung thu bien")) == [asset]
        assert not offered(bakery.workspace, words="he").exists()


def test_a_name_is_used_once_in_its_place_whatever_its_capitals(bakery: Bakery) -> None:
    with bakery.inside():
        tet = actions.add_folder("Tết", by=bakery.ben)
        actions.add_folder("Tết", parent=tet, by=bakery.ben)

        with pytest.raises(actions.FolderNameTaken):
            actions.add_folder(" TẾT ", by=bakery.ben)
        assert actions.add_folder("Tet", by=bakery.ben).pk


def test_taking_a_folder_away_moves_everything_in_it_up(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    with bakery.inside():
        top = actions.add_folder("Top", by=bakery.ben)
        middle = actions.add_folder("Middle", parent=top, by=bakery.ben)
        deep = actions.add_folder("Deep", parent=middle, by=bakery.ben)
        actions.move_assets([asset.pk], folder=middle, by=bakery.ben)

        actions.delete_folder(middle)

        deep.refresh_from_db()
    assert deep.parent_id == top.pk
    assert again(bakery, asset).folder_id == top.pk


def test_a_folder_whose_contents_have_no_place_above_stays_whole(bakery: Bakery) -> None:
    with bakery.inside():
        actions.add_folder("2027", by=bakery.ben)
        tet = actions.add_folder("Tết", by=bakery.ben)
        actions.add_folder("2027", parent=tet, by=bakery.ben)

        with pytest.raises(actions.FolderNameTaken):
            actions.delete_folder(tet)

        assert Folder.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_folders_put_into_each_other_at_once_make_no_circle() -> None:
    bakery = riverside_bakery()
    with bakery.inside():
        one = actions.add_folder("One", by=bakery.ben)
        two = actions.add_folder("Two", by=bakery.ben)

    def put(folder: Folder, parent: Folder) -> object:
        with bakery.inside():
            return actions.change_folder(folder, name=folder.name, parent=parent)

    outcomes = at_once(lambda: put(one, two), lambda: put(two, one))

    assert sum(isinstance(one, actions.FolderMisplaced) for one in outcomes) == 1
    with bakery.inside():
        assert len(shelves(bakery.workspace)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_tag_made_by_two_at_once_is_one_tag() -> None:
    bakery = riverside_bakery()
    assets = [an_asset(bakery.workspace) for _ in range(4)]

    def tag(asset: Asset) -> object:
        with bakery.inside():
            return actions.tag_assets([asset.pk], name="Mùa hè", by=bakery.ben)

    at_once(*(lambda a=asset: tag(a) for asset in assets))

    with bakery.inside():
        assert Tag.objects.count() == 1
        assert AssetTag.objects.count() == 4


def test_the_last_picture_takes_its_tag_with_it(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    with bakery.inside():
        tag, fresh = actions.tag_assets([asset.pk], name="#mùa  hè", by=bakery.ben)
        assert (tag.name, fresh) == ("mùa hè", [asset.pk])
        assert list(offered(bakery.workspace, words="MUA he")) == [asset]

        actions.untag_assets([asset.pk], tag=tag, by=bakery.ben)

        assert not Tag.objects.exists()
        assert not offered(bakery.workspace, words="mua he").exists()


def test_another_workspaces_pictures_are_not_touched(bakery: Bakery) -> None:
    theirs = an_asset(elsewhere().workspace)

    with bakery.inside():
        assert actions.tag_assets([theirs.pk], name="ours", by=bakery.ben)[1] == []
        assert actions.archive_assets([theirs.pk], by=bakery.ben) == []


@pytest.mark.parametrize("do", ["move", "tag", "archive"])
def test_what_is_done_to_many_is_taken_back_by_one_button(bakery: Bakery, do: str) -> None:
    first, second = an_asset(bakery.workspace), an_asset(bakery.workspace)
    with bakery.inside():
        home = actions.add_folder("Home", by=bakery.ben)
        away = actions.add_folder("Away", by=bakery.ben)
        actions.move_assets([first.pk], folder=home, by=bakery.ben)
    ben = signed_in(bakery.ben)

    answer = ben.post(
        f"/w/{bakery.workspace.slug}/library/many/",
        {"asset": [first.pk, second.pk], "do": do, "folder": away.pk, "tag": "hè"},
        follow=True,
    )
    done = [
        (one.folder_id == away.pk, one.archived_at is not None, "he" in one.search_text.split())
        for one in (again(bakery, first), again(bakery, second))
    ]
    undo(ben, answer.content.decode())

    assert done == [(do == "move", do == "archive", do == "tag")] * 2
    one, two = again(bakery, first), again(bakery, second)
    assert (one.folder_id, two.folder_id) == (home.pk, None)
    assert one.archived_at is two.archived_at is None
    with bakery.inside():
        assert not AssetTag.objects.exists()


def test_an_undo_that_was_tampered_with_does_nothing(bakery: Bakery) -> None:
    answer = signed_in(bakery.ben).post(
        f"/w/{bakery.workspace.slug}/library/many/undo/?was=forged", follow=True
    )

    assert "no longer be undone" in answer.content.decode()


def test_who_only_approves_arranges_nothing(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    base = f"/w/{bakery.workspace.slug}/library"
    chloe = signed_in(bakery.chloe)

    assert chloe.post(f"{base}/many/", {"asset": asset.pk, "do": "archive"}).status_code == 403
    assert chloe.post(f"{base}/folders/", {"name": "x"}).status_code == 403
    assert "Choose loaf.jpg" not in chloe.get(f"{base}/").content.decode()


def test_each_filter_narrows(bakery: Bakery) -> None:
    today = clock.now().date()
    used = an_asset(bakery.workspace, filename="used.jpg", alt_text="A loaf", licence="own")
    an_asset(bakery.workspace, filename="free.png", mime_type="image/png", licence="own")
    an_asset(bakery.workspace, filename="late.jpg", alt_text="x", usable_until=today)
    an_asset(bakery.workspace, filename="away.jpg", archived_at=clock.now())
    a_post(bakery.workspace, assets=(used,))

    assert set(names(bakery)) == {"used.jpg", "free.png", "late.jpg"}
    assert names(bakery, kind="image/png") == ["free.png"]
    assert names(bakery, look="undescribed") == ["free.png"]
    assert set(names(bakery, look="unused")) == {"free.png", "late.jpg"}
    assert names(bakery, look="away") == ["away.jpg"]
    assert names(bakery, rights="ending") == ["late.jpg"]
    assert names(bakery, rights="unknown") == ["late.jpg"]
    assert names(bakery, rights="ended") == []
    assert names(bakery, folder="999999") == []


def test_pictures_are_put_in_the_order_that_was_asked_for(bakery: Bakery) -> None:
    for number, name in enumerate(["Ớt.jpg", "bánh.jpg", "Ăn.jpg"]):
        asset = an_asset(bakery.workspace, filename=name, size_bytes=1000 * (number + 1))
        with bakery.inside():
            actions.describe_asset(asset, alt_text="")

    assert names(bakery, sort="name") == ["Ăn.jpg", "bánh.jpg", "Ớt.jpg"]
    assert names(bakery, sort="size") == ["Ăn.jpg", "bánh.jpg", "Ớt.jpg"]
    assert names(bakery, sort="newest") == ["Ăn.jpg", "bánh.jpg", "Ớt.jpg"]
    assert set(names(bakery, sort="nonsense")) == {"Ăn.jpg", "bánh.jpg", "Ớt.jpg"}


def test_the_full_page_asks_few_questions(bakery: Bakery) -> None:
    with bakery.inside():
        folder = actions.add_folder("Tết", by=bakery.ben)
    for _ in range(12):
        asset = an_asset(bakery.workspace)
        a_post(bakery.workspace, assets=(asset,))
        with bakery.inside():
            actions.move_assets([asset.pk], folder=folder, by=bakery.ben)
            actions.tag_assets([asset.pk], name="hè", by=bakery.ben)
    ben = signed_in(bakery.ben)
    address = f"/w/{bakery.workspace.slug}/library/?folder={folder.pk}"
    ben.get(address)

    with asks_at_most(18):
        page = ben.get(address).content.decode()

    assert page.count("in 1 post") == 12


def test_a_used_picture_that_is_put_away_is_said_to_be_used(bakery: Bakery) -> None:
    used = an_asset(bakery.workspace)
    channel = a_channel(bakery.workspace)
    a_post(bakery.workspace, title="Mẻ sáng", channels=(channel,), assets=(used,))
    ben = signed_in(bakery.ben)
    base = f"/w/{bakery.workspace.slug}/library/"

    page = ben.get(f"{base}{used.pk}/").content.decode()
    answer = ben.post(f"{base}{used.pk}/archive/", follow=True).content.decode()

    assert "Mẻ sáng" in page
    assert str(channel) in page
    assert "1 of them is in posts" in answer
