"""See that every picture of a due delivery may still be used on the day it goes out."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from loa.content.rules.document import Document
from loa.library.queries import ended_assets
from loa.library.rules.rights import Ended
from loa.publish.dispatcher.rows import Row, document_of
from loa.publish.models import DeliveryPart
from loa.publish.rules import threading
from loa.publish.rules.lifecycle import DeliveryState as S


def without_rights(rows: Iterable[Row], *, now: datetime) -> Iterator[tuple[Row, str]]:
    """Yield the rows that show what may no longer be shown, with the code that says why.

    What may be live already is not judged, and a thread that has begun to appear is finished:
    half of it would be worse than all of it.
    """
    used = {
        row["id"]: (row, assets, _day(row, now))
        for row in rows
        if row["unproven_since"] is None and (assets := _document(row).asset_ids())
    }
    ended = ended_assets((asset, day) for _row, assets, day in used.values() for asset in assets)
    if not ended:
        return
    late = {
        pk: _code(ended, assets, day)
        for pk, (_row, assets, day) in used.items()
        if any((asset, day) in ended for asset in assets)
    }
    live = set(
        DeliveryPart.objects.filter(delivery_id__in=late, state=S.DELIVERED).values_list(
            "delivery_id", flat=True
        )
    )
    for pk, code in late.items():
        if pk not in live:
            yield used[pk][0], code


def _document(row: Row) -> Document:
    if row["outgoing"] is None:
        return document_of(row)
    return threading.frozen_from_json(row["outgoing"]).document


def _day(row: Row, now: datetime) -> date:
    return now.astimezone(ZoneInfo(row["zone"])).date()


def _code(
    ended: dict[tuple[int, date], tuple[Ended, ...]], assets: Iterable[int], day: date
) -> str:
    """Return the code of the first thing that ended; a licence before a consent."""
    found = [one for asset in assets for one in ended.get((asset, day), ())]
    return "consent.ended" if all(one.person for one in found) else "rights.ended"
