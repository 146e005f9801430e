"""Charts are laid out by arithmetic that a reader can check."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loa.web import charts


def test_the_greatest_value_stands_at_the_top_and_the_least_at_the_foot() -> None:
    drawn = charts.line([0, 10, 5], width=100, height=20)

    assert drawn.path == "M0,20 L50,0 L100,10"


def test_equal_values_stand_halfway() -> None:
    assert charts.line([7, 7], width=10, height=4).path == "M0,2 L10,2"


def test_one_value_is_a_dot_and_no_line() -> None:
    drawn = charts.line([7], width=10, height=4)

    assert drawn.path == ""
    assert [(dot.x, dot.y) for dot in drawn.dots] == [("5", "2")]


def test_nothing_to_draw_draws_nothing() -> None:
    assert charts.line([], width=10, height=4).dots == ()
    assert charts.shares([0, 0], width=100) == ()
    assert charts.chart([]).last is None


def test_shares_of_a_whole_fill_the_width_but_for_the_gaps() -> None:
    laid = charts.shares([3, 1], width=100, gap=0)

    assert [(bar.x, bar.width) for bar in laid] == [("0", "75"), ("75", "25")]


def test_an_unavailable_reading_leaves_a_gap_and_is_never_zero() -> None:
    points: list[dict[str, Any]] = [
        {"label": "1/11", "value": 4},
        {"label": "2/11", "value": None},
    ]

    drawn = charts.chart(points, as_bars=True)

    assert [bar.label for bar in drawn.bars] == ["1/11"]
    assert drawn.last == 4


def test_a_long_chart_names_its_ends_and_its_middle() -> None:
    points = [{"label": str(day), "value": day} for day in range(1, 15)]

    assert [tick.label for tick in charts.chart(points).ticks] == ["1", "8", "14"]


def test_the_usual_range_is_a_band() -> None:
    drawn = charts.chart([{"label": "a", "value": 10}], usual=(0, 5))

    assert drawn.usual is not None
    assert float(drawn.usual.y) + float(drawn.usual.height) == charts.HEIGHT - charts.BOTTOM


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=40))
def test_nothing_is_drawn_outside_the_drawing(values: list[float]) -> None:
    drawn = charts.chart([{"label": str(i), "value": v} for i, v in enumerate(values)])

    for dot in drawn.line.dots:
        assert 0 <= float(dot.x) <= charts.WIDTH
        assert 0 <= float(dot.y) <= charts.HEIGHT
