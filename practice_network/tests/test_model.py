"""The audience's mathematics, without a server."""

from datetime import datetime
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from practice_network.audience.chance import lognormal, named, poisson
from practice_network.audience.model import Setting, draw_totals, expected_reach
from practice_network.audience.people import POPULATION, People
from practice_network.audience.personas import personas
from practice_network.audience.plan import make_plan
from practice_network.audience.remarks import choose_intent
from practice_network.audience.timing import EDGES_H, HOUR_MS, viewing
from practice_network.audience.wording import Features, read_features

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
CAFE = personas()["cafe"]
USUAL = Setting(followers=3000, recent_posts=0, timing=1.0)
PLAIN = "Hạt mới về từ Cầu Đất, rang hôm qua, hương trái cây chín và hậu ngọt dài. " * 2


def at(hour: int, *, day: int = 7) -> int:
    return int(datetime(2026, 9, day, hour, tzinfo=SAIGON).timestamp() * 1000)


def features(text: str = PLAIN, *, images: int = 0, language: str = "vi") -> Features:
    return read_features(text, language=language, image_count=images)


def reach(text: str = PLAIN, *, images: int = 0, language: str = "vi") -> float:
    return expected_reach(features(text, images=images, language=language), CAFE, USUAL)


def test_a_named_chance_depends_on_its_names_alone() -> None:
    assert named(1, "post", "a", 2).random() == named(1, "post", "a", 2).random()
    assert named(1, "post", "a", 2).random() != named(1, "post", "a", 3).random()


@pytest.mark.parametrize("expected", [0.3, 4.0, 25.0, 400.0])
def test_poisson_draws_have_the_mean_asked_for(expected: float) -> None:
    chance = named(1, "test")

    drawn = mean(poisson(chance, expected) for _ in range(4000))

    assert drawn == pytest.approx(expected, rel=0.06)


def test_a_lognormal_factor_leaves_the_mean_alone() -> None:
    chance = named(1, "test")

    assert mean(lognormal(chance, 0.35) for _ in range(8000)) == pytest.approx(1, rel=0.03)


def test_a_week_of_activity_has_mean_one_for_every_audience() -> None:
    for persona in personas().values():
        assert mean(persona.activity) == pytest.approx(1)
        assert len(persona.activity) == 168


def test_a_curve_goes_from_none_to_all_and_inverts() -> None:
    curve = viewing(at(8), CAFE.activity, SAIGON)

    assert curve.share_at(at(8)) == 0
    assert curve.share_at(at(8) + int(EDGES_H[-1] * HOUR_MS)) == 1
    for share in (0.01, 0.2, 0.5, 0.9, 0.999):
        assert curve.share_at(curve.instant_at(share)) == pytest.approx(share, abs=1e-4)


def test_an_evening_post_reaches_more_than_one_in_the_dead_of_night() -> None:
    evening = viewing(at(19), CAFE.activity, SAIGON).strength
    night = viewing(at(1), CAFE.activity, SAIGON).strength

    assert evening > 1.2
    assert night < 0.6


def test_pictures_reach_further_and_links_less_far() -> None:
    assert reach(images=3) > reach(images=1) > reach() > reach(f"{PLAIN} https://quan.example")


def test_a_text_in_a_language_that_few_read_reaches_few() -> None:
    assert reach(language="en") == pytest.approx(reach() * 0.42 / 0.97)


def test_posting_again_and_again_tires_the_audience() -> None:
    tired = Setting(followers=3000, recent_posts=3, timing=1.0)

    assert expected_reach(features(), CAFE, tired) == pytest.approx(reach() * 0.88**3)


def test_nobody_is_reached_who_does_not_follow() -> None:
    nobody = Setting(followers=0, recent_posts=0, timing=1.0)

    totals = draw_totals(features(), CAFE, nobody, named(1, "test"))

    assert totals.reach == totals.likes == totals.comments == 0


def test_a_question_brings_more_comments_and_an_offer_more_buyers() -> None:
    def comments(text: str) -> float:
        return mean(
            draw_totals(features(text), CAFE, USUAL, named(n, "test")).comments for n in range(400)
        )

    def buyers(text: str) -> int:
        chance = named(1, "test")
        return sum(choose_intent(features(text), CAFE, chance) == "buying" for _ in range(2000))

    offer = f"{PLAIN} Giảm giá 20%."
    assert comments(f"{PLAIN} Bạn chọn ly nào?") > 1.5 * comments(PLAIN)
    assert buyers(offer) > 1.5 * buyers(PLAIN)


def test_whoever_reacted_has_seen_the_post() -> None:
    for number in range(50):
        chance = named(number, "test")
        curve = viewing(at(number % 24), CAFE.activity, SAIGON)
        plan = make_plan(draw_totals(features(images=1), CAFE, USUAL, chance), curve, chance)
        for hour in (0, 1, 5, 30, 400):
            instant = curve.began_ms + hour * HOUR_MS
            assert plan.likes.count_at(instant) <= plan.reach_at(instant)
            assert plan.reach_at(instant) <= plan.impressions_at(instant)
        assert plan.reach_at(curve.instant_at(1) + 1) == plan.totals.reach


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Bạn thích vị nào?", "is_question"),
        ("ban nghi sao ve mon moi", "is_question"),
        ("GIẢM GIÁ sốc", "is_offer"),
        ("Mua 1 tặng 1 hôm nay", "is_offer"),
        ("Tag bạn vào nhé", "calls_friends"),
        ("Quán xin lỗi cả nhà", "is_apology"),
        ("Xem ở https://quan.example/menu.", "has_link"),
    ],
)
def test_wording_is_noticed_with_and_without_diacritics(text: str, field: str) -> None:
    assert getattr(features(text), field)
    assert not getattr(features(PLAIN), field)


def test_everybody_of_the_audience_has_a_handle_of_their_own() -> None:
    people = People(seed=3)

    everybody = [people.person(number, writes_english=0.1) for number in range(POPULATION)]

    assert len({one.handle for one in everybody}) == POPULATION
    assert all(people.by_handle(one.handle) == one for one in everybody)
    assert sum(one.language == "en" for one in everybody) == POPULATION // 10
