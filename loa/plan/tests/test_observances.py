"""Holidays, marketing days and the moon, against dates known from elsewhere."""

from collections import Counter
from datetime import date, timedelta

import pytest

from loa.plan.rules import days_off as days_off_rule
from loa.plan.rules.days_off import days_off
from loa.plan.rules.lunar import LunarDay, lunar_day, next_offering_day
from loa.plan.rules.observances import Kind, observances_on


def codes(day: date) -> set[str]:
    return {one.code for one in observances_on(day)}


@pytest.mark.parametrize(
    "new_year",
    [
        # Vietnam and China keep different days in these years.
        date(1985, 1, 21),
        date(2007, 2, 17),
        date(2030, 2, 2),
        # And the same ones in these.
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
    ],
)
def test_the_lunar_year_begins_when_vietnam_says(new_year: date) -> None:
    assert lunar_day(new_year) == LunarDay(1, 1, new_year.year)
    assert lunar_day(new_year - timedelta(days=1)).month == 12


@pytest.mark.parametrize("new_year", [date(2026, 2, 17), date(2027, 2, 6), date(2030, 2, 2)])
def test_the_new_year_is_a_public_holiday(new_year: date) -> None:
    assert [one["vi"] for one in days_off(new_year)] == ["Tết Nguyên Đán"]


@pytest.mark.parametrize("day", [date(2026, 4, 26), date(2027, 4, 16), date(2028, 4, 4)])
def test_the_hung_kings_are_remembered_on_the_tenth_of_the_third_month(day: date) -> None:
    [holiday] = days_off(day)

    assert holiday["vi"] == "Ngày Giỗ Tổ Hùng Vương"
    assert holiday["en"] == "Hung Kings' Commemoration Day"


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("vu-lan", [date(2026, 8, 27), date(2027, 8, 16), date(2028, 9, 3)]),
        ("mid-autumn", [date(2026, 9, 25), date(2027, 9, 15), date(2028, 10, 3)]),
        ("mothers", [date(2026, 5, 10), date(2027, 5, 9)]),
        ("fathers", [date(2026, 6, 21), date(2027, 6, 20)]),
        ("black-friday", [date(2026, 11, 27), date(2027, 11, 26), date(2024, 11, 29)]),
        ("teachers", [date(2026, 11, 20)]),
        ("sale-11-11", [date(2026, 11, 11)]),
        ("kitchen-gods", [date(2026, 2, 10)]),
        ("god-of-wealth", [date(2026, 2, 26)]),
    ],
)
def test_an_observance_falls_on_its_known_days_and_no_others(code: str, days: list[date]) -> None:
    for day in days:
        year = [date(day.year, 1, 1) + timedelta(days=step) for step in range(365)]

        assert [one for one in year if code in codes(one)] == [day]


def test_a_repeated_lunar_month_repeats_no_festival() -> None:
    """2028 has a fifth month twice; the Mid-year Festival is in the first of them."""
    year = [date(2028, 1, 1) + timedelta(days=step) for step in range(366)]

    assert any(lunar_day(day).is_leap and lunar_day(day).month == 5 for day in year)
    assert sum("mid-year" in codes(day) for day in year) == 1


def test_culture_day_is_a_day_off_since_2026() -> None:
    [observance] = observances_on(date(2026, 11, 24))

    assert observance.kind is Kind.HOLIDAY
    assert observance.name("vi") == "Ngày Văn hóa Việt Nam"
    assert observance.name("en-gb") == "Vietnam Cultural Day"


def test_the_day_of_war_invalids_asks_for_no_jokes() -> None:
    [observance] = [one for one in observances_on(date(2026, 7, 27)) if one.code == "war-invalids"]

    assert observance.is_sober


def test_national_mourning_comes_first() -> None:
    observance = observances_on(date(2025, 5, 25))[0]

    assert (observance.kind, observance.is_sober) == (Kind.MOURNING, True)


def test_what_matters_most_is_named_first() -> None:
    ranks = [one.is_major for one in observances_on(date(2026, 4, 25))]

    assert ranks == sorted(ranks, reverse=True)


def test_a_yearly_decision_adds_and_takes_away_a_day_off(monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = {
        "added": [{"day": date(2029, 3, 5), "vi": "Ngày nghỉ hoán đổi", "en": "Swapped day off"}],
        "removed": [{"day": date(2029, 9, 3)}],
    }
    monkeypatch.setattr(days_off_rule, "_table", lambda: swapped)
    days_off.cache_clear()

    assert days_off(date(2029, 3, 5)) == ({"vi": "Ngày nghỉ hoán đổi", "en": "Swapped day off"},)
    assert days_off(date(2029, 9, 3)) == ()
    days_off.cache_clear()


def test_every_lunar_date_is_consistent_for_a_century() -> None:
    """Days follow each other: the day number grows by one, or a new month begins at 1."""
    before = lunar_day(date(1999, 12, 31))
    months: Counter[int] = Counter()
    for step in range(36525):
        now = lunar_day(date(2000, 1, 1) + timedelta(days=step))
        if now.day == 1:
            assert before.day in {29, 30}
            months[now.year] += 1
        else:
            assert now.day == before.day + 1
        before = now
    assert {months[year] for year in range(2001, 2099)} == {12, 13}


def test_the_next_day_of_offerings_is_the_first_or_the_fifteenth() -> None:
    """22 November 2026 is the 14th: tomorrow is the full moon."""
    sunday = date(2026, 11, 22)

    assert lunar_day(sunday).label == "14/10"
    assert next_offering_day(sunday) == date(2026, 11, 23)
    assert next_offering_day(date(2026, 11, 23)) == date(2026, 12, 9)
