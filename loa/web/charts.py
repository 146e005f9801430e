"""Where the marks of a small chart stand. Pure: numbers in, positions out; templates draw them.

Positions are text written the way SVG reads numbers, whatever the reader's decimal mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 320, 112
LEFT, TOP, BOTTOM = 0, 14, 18
SMALL_COUNT = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot, a bar or a written word: its place, and the value and label it stands for."""

    x: str
    y: str
    width: str = "0"
    height: str = "0"
    value: float | None = None
    label: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Line:
    """A line through values. path and area are SVG path data; "" without two values."""

    path: str
    area: str
    dots: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole small chart. last: the newest known value. usual: the band of the usual range."""

    bars: tuple[Mark, ...]
    line: Line
    ticks: tuple[Mark, ...]
    rules: tuple[Mark, ...]
    usual: Mark | None
    last: float | None
    width: int = WIDTH
    height: int = HEIGHT


def line(values: Sequence[float], *, width: float, height: float) -> Line:
    """Lay out values evenly from left to right, the greatest at the top, the least at the foot.

    Equal values stand halfway.
    """
    low, high = min(values, default=0), max(values, default=0)
    span = high - low
    return _through(
        [
            (width * position, height * (1 - (value - low) / span) if span else height / 2, value)
            for position, value in _spread(values)
        ],
        foot=height,
    )


def shares(values: Sequence[float], *, width: float, gap: float = 0.6) -> tuple[Mark, ...]:
    """Lay out parts of a whole beside each other; `gap` is left between two parts."""
    whole = sum(values)
    if not whole:
        return ()
    laid: list[Mark] = []
    start = 0.0
    for value in values:
        wide = width * value / whole
        laid.append(Mark(_fixed(start), "0", _fixed(max(wide - gap, 0)), "6", value))
        start += wide
    return tuple(laid)


def chart(
    points: Sequence[Mapping[str, Any]],
    *,
    as_bars: bool = False,
    usual: tuple[float, float] | None = None,
) -> Chart:
    """Lay out `points` (each a label and a value, None when unavailable) over a floor of zero.

    A missing value leaves a gap in bars and is passed over by a line.
    """
    known = [(i, float(p["value"])) for i, p in enumerate(points) if p["value"] is not None]
    high = max([value for _i, value in known] + [usual[1] if usual else 0.0] + [0.0]) or 1.0
    foot, tall = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    step = WIDTH / max(len(points), 1)

    def y(value: float) -> float:
        return foot - tall * max(value, 0.0) / high

    places = [(step * (i + 0.5), y(value), value) for i, value in known]
    bars = tuple(
        Mark(
            _fixed(x - step * 0.35),
            _fixed(top),
            _fixed(step * 0.7),
            _fixed(foot - top),
            _whole(value),
            str(points[i]["label"]),
        )
        for (i, _value), (x, top, value) in zip(known, places, strict=True)
    )
    drawn = _through(places, foot=foot, labels=[str(points[i]["label"]) for i, _v in known])
    return Chart(
        bars=bars if as_bars else (),
        line=Line("", "", ()) if as_bars else drawn,
        ticks=_ticks([str(p["label"]) for p in points], step),
        rules=(
            Mark("0", _fixed(foot), value=0),
            Mark("0", _fixed(TOP), value=_whole(high)),
        ),
        usual=_band(y(usual[0]), y(usual[1])) if usual else None,
        last=_whole(known[-1][1]) if known else None,
    )


def _band(low: float, high: float) -> Mark:
    return Mark("0", _fixed(high), str(WIDTH), _fixed(low - high))


def _ticks(labels: Sequence[str], step: float) -> tuple[Mark, ...]:
    """Write under the first, the middle and the last point; under all when they are few."""
    count = len(labels)
    if not count:
        return ()
    picked = range(count) if count <= SMALL_COUNT else (0, count // 2, count - 1)
    return tuple(
        Mark(
            _fixed(step * (i + 0.5) if count <= SMALL_COUNT else _edge(i, count, step)),
            str(HEIGHT - 4),
            label=labels[i],
            anchor=_anchor(i, count),
        )
        for i in picked
    )


def _edge(index: int, count: int, step: float) -> float:
    """Keep the outer labels inside the drawing."""
    if index == 0:
        return 0.0
    return float(WIDTH) if index == count - 1 else step * (index + 0.5)


def _anchor(index: int, count: int) -> str:
    if count <= SMALL_COUNT:
        return "middle"
    return "start" if index == 0 else "end" if index == count - 1 else "middle"


def _through(
    places: Sequence[tuple[float, float, float]], *, foot: float, labels: Sequence[str] = ()
) -> Line:
    dots = tuple(
        Mark(_fixed(x), _fixed(y), value=_whole(value), label=labels[i] if labels else "")
        for i, (x, y, value) in enumerate(places)
    )
    if len(dots) < 2:  # noqa: PLR2004 (a line joins two points)
        return Line("", "", dots)
    path = "M" + " L".join(f"{dot.x},{dot.y}" for dot in dots)
    return Line(path, f"{path} L{dots[-1].x},{_fixed(foot)} L{dots[0].x},{_fixed(foot)} Z", dots)


def _spread(values: Sequence[float]) -> list[tuple[float, float]]:
    """Pair each value with its place from 0 to 1; one value alone stands in the middle."""
    if len(values) == 1:
        return [(0.5, values[0])]
    return [(index / (len(values) - 1), value) for index, value in enumerate(values)]


def _whole(number: float) -> float:
    """Return a whole number as int, so it is not written with a decimal mark."""
    return int(number) if float(number).is_integer() else number


def _fixed(number: float) -> str:
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".") or "0"
