"""Which posts show an asset: in the shared words or a channel's own, the bin left out."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.db import connection

from loa.content.actions import write_state
from loa.content.models import Post, Showing
from loa.content.queries import state_of
from loa.content.queries.uses import count_posts, showing
from loa.content.rules.document import Attachment, Document, Part
from loa.library.models import Asset
from loa.library.queries.uses import is_unused
from loa.ops import clock
from tests.bakery import Bakery, elsewhere, riverside_bakery
from tests.cast import a_channel, a_post, an_asset

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def say_of_its_own(post: Post, asset: Asset) -> None:
    shows = Document((Part("x"), Part("y", (Attachment(asset.pk),))))
    state = state_of(post)
    write_state(post, state=replace(state, own=dict.fromkeys(state.own, shows)), by=post.written_by)


def test_a_post_counts_once_however_often_it_shows_the_asset(bakery: Bakery) -> None:
    asset, other = an_asset(bakery.workspace), an_asset(bakery.workspace)
    channels = (a_channel(bakery.workspace), a_channel(bakery.workspace))
    post = a_post(bakery.workspace, assets=(asset,), channels=channels)
    a_post(bakery.workspace, assets=(asset, other))
    with bakery.inside():
        say_of_its_own(post, asset)

        counts = count_posts(bakery.workspace, [asset.pk, other.pk, 10**12])

        assert counts == {asset.pk: 2, other.pk: 1}
        assert showing(bakery.workspace, [asset.pk]).count() == 2


def test_what_only_one_channel_shows_is_used_and_the_bin_is_not(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    post = a_post(bakery.workspace, channels=(a_channel(bakery.workspace),))
    with bakery.inside():
        unused = Asset.objects.filter(is_unused(bakery.workspace))
        assert unused.get() == asset
        say_of_its_own(post, asset)

        assert count_posts(bakery.workspace, [asset.pk]) == {asset.pk: 1}
        assert not Asset.objects.filter(is_unused(bakery.workspace)).exists()

        Post.objects.filter(pk=post.pk).update(deleted_at=clock.now())
        assert count_posts(bakery.workspace, [asset.pk]) == {}
        assert Asset.objects.filter(is_unused(bakery.workspace)).exists()


def test_another_workspaces_posts_are_not_counted(bakery: Bakery) -> None:
    asset, others = an_asset(bakery.workspace), elsewhere()
    a_post(others.workspace, assets=(asset,))

    with bakery.inside():
        assert count_posts(bakery.workspace, [asset.pk]) == {}


def test_what_is_taken_out_of_a_post_is_no_longer_used(bakery: Bakery) -> None:
    asset, other = an_asset(bakery.workspace), an_asset(bakery.workspace)
    post = a_post(bakery.workspace, assets=(asset, other))
    with bakery.inside():
        left = Document((Part("x", (Attachment(other.pk),)),))

        write_state(post, state=replace(state_of(post), shared=left), by=bakery.ana)

        assert count_posts(bakery.workspace, [asset.pk, other.pk]) == {other.pk: 1}
        assert Showing.objects.count() == 1


def test_the_fence_lets_the_index_answer_where_an_asset_is_used(bakery: Bakery) -> None:
    with bakery.inside(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Showing.objects.in_workspace(bakery.workspace).filter(asset_id=5).explain()

    assert "asset_id = 5" in plan.split("Index Cond", 1)[1]


def test_posts_of_before_are_noted_by_the_upgrade(bakery: Bakery) -> None:
    asset, other = an_asset(bakery.workspace), an_asset(bakery.workspace)
    post = a_post(bakery.workspace, assets=(other,), channels=(a_channel(bakery.workspace),))
    with bakery.inside():
        say_of_its_own(post, asset)
        Showing.objects.all().delete()
    upgrade = import_module("loa.content.migrations.0008_note_showings")

    upgrade.note(None, None)
    upgrade.note(None, None)

    with bakery.inside():
        assert count_posts(bakery.workspace, [asset.pk, other.pk]) == {asset.pk: 1, other.pk: 1}
