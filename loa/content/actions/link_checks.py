"""Look at the links of posts before they go out; what is found is kept, and never blocks."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from django.db import connection
from django.db.models import QuerySet

from loa.connectors.errors import ConnectorError
from loa.connectors.looking import look_at
from loa.connectors.transport import drive
from loa.connectors.waits import retry_after_s
from loa.content.models import LinkCheck, Post, Variant
from loa.content.queries.link_checks import hash_of
from loa.content.rules.addresses import plain_host, read_address
from loa.content.rules.link_checks import (
    AHEAD,
    Verdict,
    of_failure,
    of_status,
    retry_at,
    wants_look,
)
from loa.content.rules.outgoing import links_of
from loa.ops import clock, fence, live
from loa.ops.jobs import enqueue

AT_ONCE = 6
PER_HOST_AND_RUN = 8
PER_RUN = 120
LOOK_BUDGET_S = 20.0
# A host that has enough of us and does not say for how long.
UNTOLD_WAIT_S = 900.0
MOST_VARIANTS = 2_000
# Advisory locks that keep two workers from looking at one host at once.
HOST_LOCKS = 8790

# Workspace and hash of an address, with the address; when it first goes out, and in which post.
type Uses = dict[tuple[int, str], tuple[str, datetime, int]]
type Look = tuple[int, str]


def ask_about_due() -> int:
    """Note which links go out within a day, and which of them want a look; return how many do."""
    now = clock.now()
    with fence.everywhere("find the links of posts that go out soon"):
        uses = _uses(now)
        LinkCheck.objects.exclude(due_at=None).exclude(
            pk__in=_known(uses).values_list("pk", flat=True)
        ).update(due_at=None, post=None)
        return _note(uses, now)


def ask_about_post(post: Post) -> int:
    """Ask for a look at every link of `post`, in the background; return how many there are."""
    now = clock.now()
    urls = {
        url
        for variant in post.variants.select_related("post")
        for _part, url in links_of(variant.document)
    }
    rows = [row for row in (_row(post.workspace_id, url, now) for url in urls) if row]
    LinkCheck.objects.bulk_create(rows, ignore_conflicts=True)
    hashes = [row.url_hash for row in rows]
    LinkCheck.objects.in_workspace(post.workspace).filter(url_hash__in=hashes).update(
        waits=True, asked_at=now
    )
    if rows:
        enqueue("content.check_links")
    return len(rows)


def look_at_waiting() -> int:
    """Look at links that wait for it, one at a time per host; return how many were looked at.

    Running twice at once is harmless: the second leaves the hosts to the first.
    """
    now = clock.now()
    looked = 0
    with _hosts_held(_waiting(now)) as held, ThreadPoolExecutor(AT_ONCE) as pool:
        # Asked again: whoever held a host in between has looked at its links.
        chosen = [looks for host, looks in _waiting(now).items() if host in held]
        for verdicts in pool.map(_look, chosen):
            looked += _keep(verdicts)
    return looked


def _uses(now: datetime) -> Uses:
    """Return every link that goes out within a day, with the first post that has it."""
    soon = (
        Variant.objects.filter(planned_at__gt=now, planned_at__lte=now + AHEAD)
        .filter(post__deleted_at=None)
        .select_related("post")
        .order_by("planned_at", "pk")[:MOST_VARIANTS]
    )
    uses: Uses = {}
    for variant in soon:
        for _part, url in links_of(variant.document):
            if variant.planned_at is not None:
                key = (variant.workspace_id, hash_of(url))
                uses.setdefault(key, (url, variant.planned_at, variant.post_id))
    return uses


def _known(uses: Uses) -> QuerySet[LinkCheck]:
    workspaces, hashes = {key[0] for key in uses}, {key[1] for key in uses}
    return LinkCheck.objects.filter(workspace_id__in=workspaces, url_hash__in=hashes)


def _note(uses: Uses, now: datetime) -> int:
    rows = [_row(key[0], use[0], now) for key, use in uses.items()]
    LinkCheck.objects.bulk_create([row for row in rows if row], ignore_conflicts=True)
    changed = []
    for row in _known(uses):
        use = uses.get((row.workspace_id, row.url_hash))
        if use is None:
            continue
        _url, row.due_at, row.post_id = use
        row.waits = row.waits or wants_look(
            checked_at=row.checked_at, due_at=use[1], now=now, retry_at=row.retry_at
        )
        changed.append(row)
    LinkCheck.objects.bulk_update(changed, ["due_at", "post", "waits"])
    return sum(row.waits for row in changed)


def _row(workspace_id: int, url: str, now: datetime) -> LinkCheck | None:
    """Return a new row for `url`; None for what is no plain address of the web."""
    address = read_address(url)
    host = plain_host(address.host) if address else ""
    if not host:
        return None
    return LinkCheck(
        workspace_id=workspace_id, url=url, url_hash=hash_of(url), host=host[:253], asked_at=now
    )


def _waiting(now: datetime) -> dict[str, list[Look]]:
    """Return what waits for a look, by host; a host that asked us to wait is left alone."""
    with fence.everywhere("find links that wait for a look"):
        resting = LinkCheck.objects.filter(retry_at__gt=now).values("host")
        rows = (
            LinkCheck.objects.filter(waits=True)
            .exclude(host__in=resting)
            .order_by("asked_at", "pk")
            .values_list("host", "pk", "url")[:PER_RUN]
        )
        waiting: dict[str, list[Look]] = defaultdict(list)
        for host, pk, url in rows:
            if len(waiting[host]) < PER_HOST_AND_RUN:
                waiting[host].append((pk, url))
        return dict(waiting)


@contextmanager
def _hosts_held(hosts: Iterable[str]) -> Iterator[list[str]]:
    """Hold the hosts that no other worker looks at now, and give them."""
    keys = {host: zlib.crc32(host.encode()) - 2**31 for host in hosts}
    held: list[str] = []
    try:
        with connection.cursor() as cursor:
            for host, key in keys.items():
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [HOST_LOCKS, key])
                if cursor.fetchone() == (True,):
                    held.append(host)
        yield held
    finally:
        with connection.cursor() as cursor:
            for host in held:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [HOST_LOCKS, keys[host]])


def _look(looks: Iterable[Look]) -> list[tuple[int, Verdict]]:
    """Look at the links of one host, one after the other, until it asks us to wait."""
    verdicts = []
    for pk, url in looks:
        verdict = _verdict(url)
        verdicts.append((pk, verdict))
        if verdict.retry_after_s is not None:
            break
    return verdicts


def _verdict(url: str) -> Verdict:
    try:
        answer = drive(look_at(url), platform="links", budget_s=LOOK_BUDGET_S)
    except ConnectorError as error:
        return of_failure(error.code)
    asked = "retry-after" in answer.headers or answer.status == HTTPStatus.TOO_MANY_REQUESTS
    wait_s = retry_after_s(answer.headers, default_s=UNTOLD_WAIT_S) if asked else None
    return of_status(answer.status, retry_after_s=wait_s)


def _keep(verdicts: Iterable[tuple[int, Verdict]]) -> int:
    """Write what was seen, and tell open pages."""
    by_id: Mapping[int, Verdict] = dict(verdicts)
    now = clock.now()
    with fence.everywhere("keep what looks at links found"):
        rows = list(LinkCheck.objects.filter(pk__in=by_id))
        for row in rows:
            verdict = by_id[row.pk]
            row.seen, row.code, row.status = verdict.seen, verdict.code, verdict.status
            row.checked_at, row.waits = now, False
            row.retry_at = retry_at(verdict, now=now)
        LinkCheck.objects.bulk_update(
            rows, ["seen", "code", "status", "checked_at", "waits", "retry_at"]
        )
        for workspace_id in sorted({row.workspace_id for row in rows}):
            live.announce(workspace_id=workspace_id, topic="link-check", subject_id=0)
    return len(rows)
