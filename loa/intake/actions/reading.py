"""Read a file's rows and say what stands against each, a batch at a time."""

import errno
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import batched, chain, islice
from typing import BinaryIO, cast

from django.db.models import F

from loa.intake.actions.holding import batch
from loa.intake.models import Import, ImportPiece, ImportRow
from loa.intake.queries import names_in, surroundings_of
from loa.intake.queries.surroundings import assets_used
from loa.intake.rules.columns import Column, by_column, columns_of, missing
from loa.intake.rules.judging import Fit, Surroundings, judge
from loa.intake.rules.naming import Names
from loa.intake.rules.rows import read_row
from loa.intake.rules.stored import findings_to_json
from loa.kernel.errors import LoaError
from loa.ops import clock, fence, sheets
from loa.workspace.models import Workspace

FULL = {errno.ENOSPC, errno.EDQUOT}
MOST_ROWS = 50_000
ROWS_AT_ONCE = 250
State = Import.State
type Row = tuple[int, tuple[str, ...]]


class WrongHeader(LoaError):
    """The first row does not name the columns that are needed."""


class NoRows(LoaError):
    """There is a header and nothing under it."""


class TooManyRows(LoaError):
    """The file has more rows than one import takes."""


TROUBLES: dict[type[LoaError], str] = {
    sheets.EmptyFile: "empty",
    sheets.NotATable: "not_a_table",
    sheets.OldWorkbook: "old_workbook",
    sheets.TooBig: "too_big",
    sheets.WrongEncoding: "wrong_encoding",
    WrongHeader: "wrong_header",
    NoRows: "no_rows",
    TooManyRows: "too_many_rows",
}


def read_import(*, workspace_id: int, import_id: int) -> None:
    """Read the file from its beginning. Running twice is harmless: the later one goes on alone."""
    attempt = _begin(workspace_id, import_id)
    if attempt is None:
        return
    reader = _Reader(workspace_id, import_id, attempt)
    try:
        with _assembled(workspace_id, import_id) as file:
            reader.read(file)
    except tuple(TROUBLES) as error:
        reader.give_up(TROUBLES[type(error)])
    except OSError as error:
        if error.errno not in FULL:
            raise
        reader.give_up("disk_full")


def _begin(workspace_id: int, import_id: int) -> int | None:
    """Make this the one job that reads the import, and forget what an earlier one read."""
    with fence.inside(workspace_id):
        mine = Import.objects.filter(workspace_id=workspace_id, pk=import_id, state=State.READING)
        if not mine.update(
            attempt=F("attempt") + 1,
            seen_count=0,
            row_count=0,
            ready_count=0,
            draft_only_count=0,
            unusable_count=0,
        ):
            return None
        ImportRow.objects.filter(workspace_id=workspace_id, of=import_id).delete()
        return mine.values_list("attempt", flat=True)[0]


def _assembled(workspace_id: int, import_id: int) -> BinaryIO:
    """Return the uploaded file, put together from its pieces one by one."""
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 (the caller closes it)
    pieces = ImportPiece.objects.filter(workspace_id=workspace_id, of=import_id)
    with fence.inside(workspace_id):
        for number in pieces.order_by("number").values_list("number", flat=True):
            content = pieces.values_list("content", flat=True).get(number=number)
            file.write(bytes(content))
    file.seek(0)
    return file


class _Reader:
    """One reading of one file."""

    def __init__(self, workspace_id: int, import_id: int, attempt: int) -> None:
        self._where = (workspace_id, import_id)
        self._attempt = attempt

    def read(self, file: BinaryIO) -> None:
        """Keep every row with its findings, or raise what is wrong with the file."""
        form = self._form(file)
        with closing(sheets.rows_of(file, form=form)) as rows:
            header, columns = _header(rows)
            count = _count(rows)
        if not self._note(header, columns, form, count):
            return
        with closing(sheets.rows_of(file, form=form)) as rows:
            next(rows)
            self._judge(rows, columns)

    def give_up(self, trouble: str) -> None:
        """Say why the file cannot be read."""
        with batch(*self._where, attempt=self._attempt, state=State.READING) as held:
            if held is not None:
                held.rows.all().delete()
                held.state, held.trouble = State.UNREADABLE, trouble
                held.save(update_fields=["state", "trouble"])

    def _form(self, file: BinaryIO) -> sheets.Form | None:
        if sheets.is_workbook(file):
            return None
        with fence.inside(self._where[0]):
            said = Import.objects.filter(pk=self._where[1]).values_list("encoding", "separator")[0]
        return sheets.Form(*said) if all(said) else sheets.guess(file)

    def _note(
        self,
        header: tuple[str, ...],
        columns: tuple[Column | None, ...],
        form: sheets.Form | None,
        count: int,
    ) -> bool:
        with batch(*self._where, attempt=self._attempt, state=State.READING) as held:
            if held is None:
                return False
            held.header, held.columns, held.row_count = list(header), list(columns), count
            held.encoding = form.encoding if form else ""
            held.separator = form.separator if form else ""
            held.save(update_fields=["header", "columns", "row_count", "encoding", "separator"])
        return True

    def _judge(self, rows: Iterator[Row], columns: tuple[Column | None, ...]) -> None:
        with fence.inside(self._where[0]):
            workspace = Workspace.objects.get(pk=self._where[0])
            now = clock.now()
            names, around = names_in(workspace), surroundings_of(workspace, now=now)
        for some in batched(rows, ROWS_AT_ONCE):
            with batch(*self._where, attempt=self._attempt, state=State.READING) as held:
                if held is None:
                    return
                _keep(held, some, columns, names, around)
        with batch(*self._where, attempt=self._attempt, state=State.READING) as held:
            if held is not None:
                held.state = State.READY
                held.save(update_fields=["state"])


def _header(rows: Iterator[Row]) -> tuple[tuple[str, ...], tuple[Column | None, ...]]:
    """Return the first row and what its columns are."""
    first = next(rows, None)
    if first is None:
        raise sheets.EmptyFile("no row says anything")
    header = tuple(cell.strip() for cell in first[1])
    columns = columns_of(header)
    if missing(columns):
        raise WrongHeader(", ".join(missing(columns)))
    return header, columns


def _count(rows: Iterator[Row]) -> int:
    count = sum(1 for _row in islice(rows, MOST_ROWS + 1))
    if not count:
        raise NoRows("a header alone")
    if count > MOST_ROWS:
        raise TooManyRows(f"more than {MOST_ROWS}")
    return count


def _keep(
    held: Import,
    rows: Iterable[Row],
    columns: tuple[Column | None, ...],
    names: Names,
    around: Surroundings,
) -> None:
    asked = [(number, cells, read_row(by_column(columns, cells))) for number, cells in rows]
    images = tuple(chain.from_iterable(one.images for _number, _cells, one in asked))
    assets = assets_used(names, images, held.workspace)
    now = clock.now()
    kept = []
    for number, cells, one in asked:
        judged = judge(one, number=number, names=names, assets=assets, around=around, now=now)
        kept.append(
            ImportRow(
                workspace=held.workspace,
                of=held,
                number=number,
                cells=[cell.replace("\x00", "") for cell in cells],
                key=judged.key,
                fit=judged.fit,
                findings=findings_to_json(judged.findings),
            )
        )
    ImportRow.objects.bulk_create(kept)
    held.seen_count += len(kept)
    held.ready_count += sum(row.fit == Fit.READY for row in kept)
    held.draft_only_count += sum(row.fit == Fit.DRAFT_ONLY for row in kept)
    held.unusable_count += sum(row.fit == Fit.UNUSABLE for row in kept)
    held.save(update_fields=["seen_count", "ready_count", "draft_only_count", "unusable_count"])
