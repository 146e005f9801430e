"""What is known of links: for findings, for the composer, for Today."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet

from loa.content.models import LinkCheck
from loa.content.rules.document import Document
from loa.content.rules.findings import Value
from loa.content.rules.link_checks import AHEAD, Seen
from loa.content.rules.outgoing import links_of
from loa.workspace.models import Workspace


def hash_of(url: str) -> str:
    """Return under which name a look at `url` is kept."""
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()


def checks_of(urls: Collection[str], *, workspace: Workspace) -> dict[str, LinkCheck]:
    """Return what is known of each of `urls`, in one query; nothing is asked without any."""
    if not urls:
        return {}
    hashes = {hash_of(url): url for url in urls}
    rows = LinkCheck.objects.in_workspace(workspace).filter(url_hash__in=hashes)
    return {hashes[row.url_hash]: row for row in rows}


def broken_links(
    documents: Iterable[Document], *, workspace: Workspace
) -> dict[str, dict[str, Value]]:
    """Return, by link, what the sentence about a broken one needs; others are left out."""
    urls = {url for document in documents for _part, url in links_of(document)}
    return {
        url: {
            "why": row.code,
            "status": row.status or 0,
            "at": row.checked_at.isoformat() if row.checked_at else "",
        }
        for url, row in checks_of(urls, workspace=workspace).items()
        if row.seen == Seen.BROKEN
    }


def broken_soon(workspace: Workspace, *, now: datetime) -> QuerySet[LinkCheck]:
    """Return the broken links of posts that go out within a day, the soonest first."""
    return (
        LinkCheck.objects.in_workspace(workspace)
        .filter(seen=Seen.BROKEN, due_at__gt=now, due_at__lte=now + AHEAD, post__deleted_at=None)
        .exclude(post=None)
        .select_related("post")
        .order_by("due_at", "pk")
    )
