"""How many clicks on tracked links a second, beside a plain view that saves a row per click.

Both run in this process, through Django's handler in several threads, without the network:
Loa's with all its counting and the writer beside it; the other looks its link up by code, saves
one row with address and browser, and redirects, with no middleware at all.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from benchmarks import _ground

if TYPE_CHECKING:
    from loa.workspace.models import Workspace

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LETTERS = "abcdefgh"


@dataclass(frozen=True, slots=True)
class Figure:
    """One way to redirect: clicks a second, CPU of this process for each, rows it left."""

    way: str
    per_s: float
    cpu_ms: float
    rows: int
    counted: int

    def row(self) -> str:
        """Return it as a line of the table."""
        return (
            f"{self.way:<24}{self.per_s:>8,.0f} clicks/s   {self.cpu_ms:.3f} ms CPU each"
            f"   {self.rows:>7,} rows   {self.counted:>8,} counted"
        )


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when a click was lost, or Loa's way is the slower."""
    parser = argparse.ArgumentParser(prog="loa bench redirects", description=__doc__)
    parser.add_argument("--clicks", type=int, default=20_000)
    parser.add_argument("--links", type=int, default=64)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args(argv)
    with _ground.fresh_database() as server:
        _table_of_clicks(server.url("loa_owner"))
        workspace, _channels = _ground.a_workspace_with_channels(
            channels=1, base_url="http://practice.example"
        )
        codes = _links(workspace, options.links)
        plain = _measure("a row per click", _plain_handler(), codes, options, _plain_counts)
        ours = _measure("Loa", _our_handler(), codes, options, _our_counts)
    for figure in (plain, ours):
        sys.stdout.write(f"{figure.row()}\n")
    sys.stdout.write(f"{options.threads} threads, {options.links} links\n")
    clicks = options.clicks // options.threads * options.threads
    return int(ours.counted != clicks or ours.per_s < plain.per_s)


def _table_of_clicks(owner_url: str) -> None:
    """Make the table that the plain view writes to."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "CREATE TABLE bench_click (id bigserial PRIMARY KEY, link_id bigint NOT NULL,"
            " at timestamptz NOT NULL, address inet NOT NULL, agent text NOT NULL)"
        )
        connection.execute("CREATE INDEX ON bench_click (link_id, at)")
        connection.execute("GRANT ALL ON bench_click, bench_click_id_seq TO loa_app")


def _plain_counts() -> tuple[int, int]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_click")
        [(count,)] = cursor.fetchall()
    return count, count


def _links(workspace: "Workspace", count: int) -> list[str]:
    from loa.content.models import Link  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415

    codes = [
        "".join(LETTERS[(number >> shift) % 8] for shift in (0, 3, 6)) + "23456"
        for number in range(count)
    ]
    with fence.inside(workspace.pk):
        Link.objects.bulk_create(
            Link(
                workspace=workspace,
                code=code,
                target=f"https://tiem.example/{code}?utm_source=bench",
                made_at=clock.now(),
            )
            for code in codes
        )
    return codes


def _measure(
    way: str,
    handler: Callable[..., Any],
    codes: list[str],
    options: argparse.Namespace,
    counts: Callable[[], tuple[int, int]],
) -> Figure:
    each = options.clicks // options.threads
    for code in codes:
        _click(handler, code, 0)
    before = counts()[1]

    def many(thread: int) -> None:
        from django.db import connection  # noqa: PLC0415

        for number in range(each):
            _click(handler, codes[number % len(codes)], thread * each + number)
        connection.close()

    threads = [threading.Thread(target=many, args=(one,)) for one in range(options.threads)]
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    rows, counted = counts()
    made = each * options.threads
    return Figure(way, made / wall_s, cpu_s / made * 1e3, rows, counted - before)


def _click(handler: Callable[..., Any], code: str, number: int) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/l/{code}",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_USER_AGENT": AGENT,
        "REMOTE_ADDR": f"203.0.{number // 250 % 250}.{number % 250}",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }
    status: list[str] = []
    answer = handler(environ, lambda line, _headers: status.append(line))
    answer.close()
    if not status[0].startswith(str(int(HTTPStatus.FOUND))):
        raise RuntimeError(f"{code} answered {status[0]}")


def _our_handler() -> Callable[..., Any]:
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    from loa.measure.actions.clicks import Writer  # noqa: PLC0415

    Writer().start()
    return WSGIHandler()


def _our_counts() -> tuple[int, int]:
    from django.db.models import Sum  # noqa: PLC0415

    from loa.measure.actions.clicks import write_clicks  # noqa: PLC0415
    from loa.measure.models import LinkDay  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    write_clicks()
    with fence.everywhere("count what a benchmark clicked"):
        total = LinkDay.objects.aggregate(Sum("clicks"))["clicks__sum"]
        return LinkDay.objects.count(), total or 0


def _plain_handler() -> Callable[..., Any]:
    """Return a handler of one view, as it is written in an afternoon."""
    from django.core.handlers.wsgi import WSGIRequest  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: PLC0415

    from loa.content.models import Link  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    def view(request: HttpRequest, code: str) -> HttpResponse:
        with fence.everywhere("follow a link in a benchmark"):
            link = Link.objects.get(code=code)
            with connection.cursor() as writing:
                writing.execute(
                    "INSERT INTO bench_click (link_id, at, address, agent)"
                    " VALUES (%s, now(), %s, %s)",
                    [link.pk, request.META["REMOTE_ADDR"], request.headers["User-Agent"]],
                )
        return HttpResponseRedirect(link.target)

    def handle(environ: dict[str, Any], start: Callable[..., Any]) -> HttpResponse:
        request = WSGIRequest(environ)
        response = view(request, request.path_info.removeprefix("/l/"))
        start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    return handle
