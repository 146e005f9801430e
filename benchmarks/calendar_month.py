"""The calendar with 10,000 posts in the year: server time and queries of one page (B6).

Every post goes to every channel, past ones delivered and coming ones scheduled, spread evenly
over the year around now. The page is asked for as a browser asks, sessions and gate included,
in this process: what is measured is the server's work, without the network.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from itertools import batched
from typing import TYPE_CHECKING

from benchmarks import _ground

if TYPE_CHECKING:
    from django.test import Client

    from loa.channels.models import Channel
    from loa.workspace.models import Workspace

MOST_MS, MOST_QUERIES = 60, 12
YEAR_S = 365 * 24 * 3600
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One view: how long a page took each time, and what it asked the database."""

    view: str
    times_ms: tuple[float, ...]
    cpu_ms: float
    queries: int
    page_bytes: int

    @property
    def p50_ms(self) -> float:
        """Return the median."""
        return statistics.median(self.times_ms)

    @property
    def p95_ms(self) -> float:
        """Return the time that 19 of 20 stay below."""
        return statistics.quantiles(self.times_ms, n=20)[-1]

    def row(self) -> str:
        """Return it as a line of the table."""
        return (
            f"{self.view:<8}p50 {self.p50_ms:>6.1f} ms   p95 {self.p95_ms:>6.1f} ms"
            f"   {self.cpu_ms:>6.1f} ms CPU{self.queries:>5} queries{self.page_bytes // 1024:>6} kB"
        )


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when the month is slower than it must be."""
    parser = argparse.ArgumentParser(prog="loa bench calendar_month", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--pages", type=int, default=60)
    options = parser.parse_args(argv)
    with _ground.fresh_database():
        workspace, channels = _ground.a_workspace_with_channels(
            channels=options.channels, base_url="http://practice.example"
        )
        _fill(workspace, channels, posts=options.posts)
        browser = _signed_in(workspace)
        figures = [
            _measure(browser, workspace, view, pages=options.pages)
            for view in ("month", "week", "list")
        ]
    sys.stdout.write(f"{options.posts} posts in the year, each on {options.channels} channels\n")
    for figure in figures:
        sys.stdout.write(f"{figure.row()}\n")
    month = figures[0]
    return int(month.p50_ms > MOST_MS or month.queries > MOST_QUERIES)


def _fill(workspace: "Workspace", channels: "list[Channel]", *, posts: int) -> None:
    """Make the year's posts, straight into the tables."""
    from django.db import connection  # noqa: PLC0415

    from loa.content.models import Campaign, Post, Variant  # noqa: PLC0415
    from loa.content.rules.document import Document, Part  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.plan.models import Slot  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415
    from loa.workspace.models import Member  # noqa: PLC0415

    now = clock.now().replace(microsecond=0)
    with fence.inside(workspace.pk):
        owner = Member.objects.in_workspace(workspace).order_by("pk")[0]
        campaigns = Campaign.objects.bulk_create(
            Campaign(workspace=workspace, name=f"Chiến dịch {number}", created_at=now)
            for number in range(4)
        )
        Slot.objects.bulk_create(
            Slot(workspace=workspace, channel=channel, weekday=day, local_time=clock_time)
            for channel in channels
            for day in range(7)
            for clock_time in ("07:30", "11:45", "20:00")
        )
        for numbers in batched(range(posts), 1000):
            made = Post.objects.bulk_create(
                Post(
                    workspace=workspace,
                    campaign=campaigns[number % 5] if number % 5 < len(campaigns) else None,
                    shared=Document((Part(f"Mẻ số {number}: {_WORDS}"),)).to_json(),
                    search_text=f"me so {number}",
                    written_by=owner,
                    created_at=now,
                    changed_at=now,
                )
                for number in numbers
            )
            at = [
                now + timedelta(seconds=(number - posts // 2) * YEAR_S // posts)
                for number in numbers
            ]
            variants = Variant.objects.bulk_create(
                Variant(
                    workspace=workspace,
                    post=post,
                    channel=channel,
                    planned_local=f"{due_at:%Y-%m-%dT%H:%M:%S}",
                    planned_zone="UTC",
                    planned_at=due_at,
                )
                for post, due_at in zip(made, at, strict=True)
                for channel in channels
            )
            Delivery.objects.bulk_create(
                Delivery(
                    workspace=workspace,
                    variant=variant,
                    post=variant.post,
                    channel=variant.channel,
                    state="delivered" if due_at < now else "due",
                    external_id=f"{variant.pk}" if due_at < now else "",
                    due_at=due_at,
                    ready_at=due_at,
                    late_after=due_at + timedelta(hours=1),
                    delivered_at=due_at if due_at < now else None,
                    scheduled_by=owner,
                    scheduled_at=now,
                )
                for variant in variants
                if (due_at := variant.planned_at)
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _signed_in(workspace: "Workspace") -> "Client":
    from django.test import Client  # noqa: PLC0415

    from loa.ops import fence  # noqa: PLC0415
    from loa.workspace.models import Member  # noqa: PLC0415

    with fence.inside(workspace.pk):
        owner = Member.objects.in_workspace(workspace).select_related("user").order_by("pk")[0]
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(owner.user)
    return browser


def _measure(browser: "Client", workspace: "Workspace", view: str, *, pages: int) -> Figure:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    address = f"/w/{workspace.slug}/calendar/?view={view}"

    def page() -> bytes:
        answer = browser.get(address)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return answer.content

    for _ in range(WARM_UP):
        page()
    with CaptureQueriesContext(connection) as asked:
        content = page()
    queries = [one for one in asked if one["sql"] not in {"BEGIN", "COMMIT"}]
    times = []
    cpu_before = time.process_time()
    for _ in range(pages):
        began = time.perf_counter()
        page()
        times.append((time.perf_counter() - began) * 1000)
    cpu_ms = (time.process_time() - cpu_before) * 1000 / pages
    return Figure(view, tuple(times), cpu_ms, len(queries), len(content))


_WORDS = (
    "một ly nâu đá trước giờ kẹt xe, hạt Cầu Đất rang mộc, phin chảy chậm và câu chuyện của chú"
    " Sáu, ba mươi mốt năm giữ lửa ở bến sông này. Ghé Bến sáng nay nhé! #capheben #phin"
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
