"""Findings of a real post, with what its channel said before."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from loa.channels.models import Channel
from loa.connectors.contract import ImageRules, Limits, TextRules, TextUnit
from loa.content.models import Post, Variant
from loa.content.queries import findings_for
from loa.content.rules.document import Document, Part
from loa.content.rules.findings import blocks
from loa.ops import clock
from tests.bakery import Bakery, riverside_bakery
from tests.cast import A_MONDAY, a_channel, a_post
from tests.findings import findings_of

pytestmark = pytest.mark.django_db
NARROW = Limits(
    text=TextRules(max_chars=10, unit=TextUnit.GRAPHEMES),
    images=ImageRules(4, 1_000_000, ("image/jpeg",), 1500),
)
WORDS = "Fresh loaves with walnuts leave the oven at nine."


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def planned(post: Post, *, days: int) -> Variant:
    variant = post.variants.get()
    variant.planned_local, variant.planned_zone = "2026-02-27T09:00:00", "Asia/Ho_Chi_Minh"
    variant.planned_at = A_MONDAY + timedelta(days=days)
    variant.save()
    return variant


def test_the_channels_live_limits_decide(bakery: Bakery) -> None:
    channel = a_channel(bakery.workspace, limits=NARROW.to_json())
    post = a_post(bakery.workspace, text="eleven char", channels=(channel,))

    with bakery.inside(), clock.at(A_MONDAY):
        findings = findings_of(post.variants.get())

    assert [one.code for one in findings] == ["text.too_long"]
    assert blocks(findings)


def test_a_repeated_caption_warns_but_a_post_does_not_repeat_itself(bakery: Bakery) -> None:
    channel = a_channel(bakery.workspace)
    before = a_post(bakery.workspace, text=WORDS, channels=(channel,))
    again = a_post(bakery.workspace, text=WORDS.upper().lower(), channels=(channel,))

    with bakery.inside(), clock.at(A_MONDAY):
        planned(before, days=-3)
        variant = planned(again, days=2)
        (finding,) = findings_of(variant)

    assert (finding.code, finding.values["post_id"]) == ("text.echo", before.pk)
    assert finding.values["day"] == "2026-02-27"


def test_what_was_said_long_ago_or_on_another_channel_is_not_an_echo(bakery: Bakery) -> None:
    here, there = a_channel(bakery.workspace), a_channel(bakery.workspace, name="Market")
    old, elsewhere = (
        a_post(bakery.workspace, text=WORDS, channels=(one,)) for one in (here, there)
    )
    post = a_post(bakery.workspace, text=WORDS, channels=(here,))

    with bakery.inside(), clock.at(A_MONDAY):
        planned(old, days=-90)
        planned(elsewhere, days=-1)

        assert findings_of(post.variants.get()) == ()


def test_a_lost_channel_and_one_without_connector_are_said(bakery: Bakery) -> None:
    lost = a_channel(bakery.workspace, name="Lost", state=Channel.State.LOST)
    orphan = a_channel(bakery.workspace, name="Orphan", platform="no-longer-installed")

    with bakery.inside(), clock.at(A_MONDAY):
        found = findings_for(
            dict.fromkeys((lost, orphan), Document(parts=(Part("Bread"),))),
            workspace=bakery.workspace,
            except_post=None,
        )

    assert [one.code for one in found[lost.pk]] == ["channel.lost"]
    assert [one.code for one in found[orphan.pk]] == ["channel.no_connector"]


def test_a_new_post_without_a_row_is_checked_too(
    bakery: Bakery, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    channels = [a_channel(bakery.workspace, name=f"Shop {number}") for number in range(5)]
    before = a_post(bakery.workspace, text=WORDS, channels=(channels[0],))

    with bakery.inside(), clock.at(A_MONDAY):
        planned(before, days=-3)
        with django_assert_max_num_queries(2):
            found = findings_for(
                dict.fromkeys(channels, Document(parts=(Part(WORDS),))),
                workspace=bakery.workspace,
                except_post=None,
            )

    assert [one.code for one in found[channels[0].pk]] == ["text.echo"]
    assert [found[channel.pk] for channel in channels[1:]] == [()] * 4
