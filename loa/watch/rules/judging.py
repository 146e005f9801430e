"""What to tell, so that each thing is told once, again only when it got worse, and when it is over.

One alert is open per kind and subject. It is over when nothing was wrong for CALM without a
break, so a thing that comes and goes is one alert and not twenty.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from loa.watch.rules.bars import Bar, Kind, Measure, is_wrong

CALM = timedelta(minutes=10)
AGAIN_AFTER = timedelta(hours=1)

type Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Open:
    """An alert as it stands.

    told_at: when its last notice was written. fine_since: None while it is wrong.
    """

    count: int
    told_count: int
    told_at: datetime
    fine_since: datetime | None = None


@dataclass(slots=True)
class Judgement:
    """What changes, by the key of the alert."""

    opened: list[Measure] = field(default_factory=list)
    again: list[Measure] = field(default_factory=list)
    changed: list[Measure] = field(default_factory=list)
    calmer: list[Key] = field(default_factory=list)
    over: list[Key] = field(default_factory=list)


def judge(
    measures: Collection[Measure],
    standing: Mapping[Key, Open],
    bars: Mapping[Kind, Bar],
    *,
    now: datetime,
) -> Judgement:
    """Return what follows from how things are now.

    changed: still wrong, as it was told; its figures move on. calmer: right since now.
    """
    judged = Judgement()
    wrong: set[Key] = set()
    for one in measures:
        held = standing.get(one.key)
        if one.key in wrong or not is_wrong(one, bars[one.kind], is_open=held is not None):
            continue
        wrong.add(one.key)
        if held is None:
            judged.opened.append(one)
        elif one.count > held.told_count and now - held.told_at >= AGAIN_AFTER:
            judged.again.append(one)
        elif held.fine_since is not None or one.count != held.count:
            judged.changed.append(one)
    for key, held in standing.items():
        if key in wrong:
            continue
        if held.fine_since is None:
            judged.calmer.append(key)
        elif now - held.fine_since >= CALM:
            judged.over.append(key)
    return judged
