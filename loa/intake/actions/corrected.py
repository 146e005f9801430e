"""The rows that did not become posts, as a file that can be mended and uploaded again."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from loa.content.rules.findings import Finding
from loa.intake.models import Import, ImportRow
from loa.intake.rules.columns import Column
from loa.intake.rules.stored import findings_from_json
from loa.ops import fence

ROWS_AT_ONCE = 500

type Sentences = Callable[[tuple[Finding, ...]], str]


def corrected_rows(
    of: Import, rows: QuerySet[ImportRow], *, heading: str, sentences: Sentences
) -> Iterator[list[str]]:
    """Yield the header and the rows as they came, and what to mend beside each.

    Opens its own transactions, some hundred rows at a time: it is read while it is sent.
    """
    kept = [place for place, one in enumerate(of.columns) if one != Column.FINDINGS]
    yield [*(of.header[place] for place in kept), heading]
    after = 0
    while True:
        with fence.inside(of.workspace_id):
            some = list(rows.filter(number__gt=after).order_by("number", "pk")[:ROWS_AT_ONCE])
        if not some:
            return
        after = some[-1].number
        for row in some:
            cells = [row.cells[place] if place < len(row.cells) else "" for place in kept]
            yield [*cells, sentences(findings_from_json(row.findings))]
