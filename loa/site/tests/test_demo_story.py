"""The demo's story as data: laid out in time around any day, and fit to be told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from loa.connectors.counting import caption_length
from loa.connectors.limits import TextRules, TextUnit
from loa.plan.rules.lunar import lunar_day
from loa.site.demo.pictures import PICTURES
from loa.site.demo.story import Act, Ends, Scene, day_of, founded_at, planned_at, read_story, scenes

STORY = read_story()
DAYS = [
    datetime(2026, 11, 22, 21, 0, tzinfo=UTC),
    datetime(2027, 2, 8, 1, 0, tzinfo=UTC),
    datetime(2027, 6, 14, 0, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 16, 59, tzinfo=UTC),
]
A_SATURDAY = date(2026, 11, 21)


def of(found: list[Scene], act: Act) -> list[Scene]:
    return [one for one in found if one.act is act]


@pytest.mark.parametrize("now", DAYS)
def test_scenes_come_in_order_and_none_after_now(now: datetime) -> None:
    found = scenes(STORY, now)

    assert [one.at for one in found] == sorted(one.at for one in found)
    assert found[0].at > founded_at(STORY, now)
    assert found[-1].at <= now


@pytest.mark.parametrize("now", DAYS)
def test_a_post_is_written_before_anything_else_happens_to_it(now: datetime) -> None:
    begun: set[str] = set()
    for scene in scenes(STORY, now):
        if scene.act is Act.WRITE and scene.post:
            begun.add(scene.post.title)
        assert scene.post is None or scene.post.title in begun


@pytest.mark.parametrize("now", DAYS)
def test_every_day_of_the_year_finds_ten_weeks_of_past_and_all_states(now: datetime) -> None:
    found = scenes(STORY, now)
    written = [one.post for one in of(found, Act.WRITE) if one.post]
    ahead = [one for one in written if (planned_at(one, STORY, now) or now) > now]

    assert 40 <= len(of(found, Act.SEND)) <= 60
    assert {one.ends for one in written} == set(Ends)
    assert len(ahead) >= 8
    assert now - founded_at(STORY, now) > timedelta(weeks=10)


def test_titles_are_unique_because_posts_are_found_by_them() -> None:
    titles = [post.title for post in STORY.posts]

    assert len(set(titles)) == len(titles)


def test_every_name_in_the_story_is_known() -> None:
    people = {one["id"] for one in STORY.people}
    channels = {one["id"] for one in STORY.channels}
    campaigns = {one["id"] for one in STORY.campaigns} | {""}
    for post in STORY.posts:
        assert {post.by, post.agreed_by, post.edited_by, *(who for who, _ in post.notes)} <= people
        assert {*post.on, *post.own} <= channels
        assert post.campaign in campaigns
        assert set(post.pictures) <= STORY.pictures.keys()
        assert post.by != post.agreed_by
    begun = [*STORY.series, *STORY.evergreens]
    assert {one["post"] for one in begun} <= {post.title for post in STORY.posts}
    assert {one["channel"] for one in STORY.pools} <= channels
    assert {name for one in STORY.sources for name in (one["reads"], *one["for"])} <= channels
    assert {one.get("campaign", "") for one in STORY.print_links} <= campaigns
    assert {one["draws"] for one in STORY.pictures.values()} <= PICTURES.keys()


def test_no_caption_is_longer_than_the_network_takes() -> None:
    rules = TextRules(500, TextUnit.GRAPHEMES)
    texts = [text for post in STORY.posts for text in (*post.texts, *post.own.values())]
    texts += [words for one in STORY.evergreens for words in one["other_words"]]

    assert max(caption_length(text, rules) for text in texts) <= 500


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("w-3 tue", date(2026, 10, 27)),
        ("w+0 mon", date(2026, 11, 16)),
        ("d+2", date(2026, 11, 23)),
        ("d-1", date(2026, 11, 20)),
        ("20/10", date(2026, 10, 20)),
        ("08/03", None),
    ],
)
def test_days_are_meant_as_seen_from_today(words: str, day: date | None) -> None:
    assert day_of(words, A_SATURDAY, weeks=10) == day


def test_the_last_full_moon_is_found() -> None:
    day = day_of("lunar 15", A_SATURDAY, weeks=10)

    assert day is not None
    assert lunar_day(day).day == 15
    assert day < A_SATURDAY


def test_a_channel_of_pictures_never_speaks_without_one() -> None:
    galleries = {one["id"] for one in STORY.channels if one.get("kind") == "pictures"}

    assert galleries
    assert not [post.title for post in STORY.posts if galleries & {*post.on} and not post.pictures]
