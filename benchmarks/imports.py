"""How long an import takes to read, bring in and take back, and how many queries a row costs."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks import _ground

if TYPE_CHECKING:
    from loa.channels.models import Channel
    from loa.workspace.models import Workspace

CHANNELS = 10
EVERY_MINUTES = 7


class Counter:
    """Counts the queries of a connection."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *said: Any) -> Any:
        """Let a query through."""
        self.count += 1
        return execute(*said)


def main(argv: Sequence[str]) -> int:
    """Import a file as drafts and one to be scheduled; return 1 when a row did not come in."""
    parser = argparse.ArgumentParser(prog="loa bench imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000)
    rows: int = parser.parse_args(argv).rows
    with _ground.fresh_database():
        workspace, channels = _ground.a_workspace_with_channels(
            channels=CHANNELS, base_url="http://practice.example"
        )
        whole = [_import(workspace, channels, mode, rows) for mode in ("drafts", "schedule")]
    return int(not all(whole))


def _import(workspace: "Workspace", channels: "list[Channel]", mode: str, rows: int) -> bool:
    from django.db import connection  # noqa: PLC0415

    from loa.intake import actions  # noqa: PLC0415
    from loa.intake.models import Import  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.workspace.models import Member  # noqa: PLC0415

    file = io.BytesIO(_file(channels, mode, rows))
    with fence.inside(workspace.pk):
        by = Member.objects.select_related("workspace", "user").get()
        begun = actions.begin_import(by, file=file, filename=f"{mode}.csv")
    started_s = clock.monotonic_s()
    actions.read_import(workspace_id=workspace.pk, import_id=begun.pk)
    read_s = clock.monotonic_s() - started_s
    with fence.inside(workspace.pk):
        read = Import.objects.select_related("workspace").get(pk=begun.pk)
        running = actions.start_import(read, mode=mode, by=by)
    counter = Counter()
    started_s = clock.monotonic_s()
    with connection.execute_wrapper(counter):
        actions.run_import(workspace_id=workspace.pk, import_id=begun.pk, attempt=running.attempt)
    took_s = clock.monotonic_s() - started_s
    with fence.inside(workspace.pk):
        brought = Import.objects.select_related("workspace").get(pk=begun.pk)
        done = brought.done_count
        undoing = actions.undo_import(brought, by=by)
    started_s = clock.monotonic_s()
    actions.undo_rows(workspace_id=workspace.pk, import_id=begun.pk, attempt=undoing.attempt)
    undone_s = clock.monotonic_s() - started_s
    sys.stdout.write(
        f"{mode:<9}{rows:>7,} rows   read {read_s / rows * 1000:>6.2f} ms a row"
        f"   brought in {took_s / rows * 1000:>7.2f} ms a row, {took_s:,.1f} s"
        f"   {counter.count / rows:>6.2f} queries a row   {done:,} done"
        f"   taken back {undone_s / rows * 1000:>6.2f} ms a row\n"
    )
    return done == rows


def _file(channels: "list[Channel]", mode: str, rows: int) -> bytes:
    from loa.ops import clock  # noqa: PLC0415

    first = clock.now() + timedelta(days=1)
    lines = ["Kênh,Ngày,Giờ,Nội dung,Chiến dịch"]
    for number in range(rows):
        at = first + timedelta(minutes=EVERY_MINUTES * number)
        handle = channels[number % len(channels)].handle
        text = f"{mode} số {number}: bánh mì nóng đây!"
        lines.append(f"{handle},{at:%d/%m/%Y},{at:%H:%M},{text},Tết")
    return "\r\n".join(lines).encode()
