"""Checks of Loa itself: keys, pages, languages, workers, practice network."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from loa.channels import queries as channels
from loa.connectors.registry import all_connectors
from loa.library import storage
from loa.library.storage import probing
from loa.ops import clock, fence, sealing
from loa.ops.lock import Lock
from loa.site import reachability
from loa.site.doctor.outcome import Outcome, look, ok, wrong
from loa.workspace.models import Workspace

SILENT_FOR = timedelta(seconds=30)
ENDS_SOON = timedelta(days=30)


def check(*, database_is_sound: bool) -> Iterator[Outcome]:
    """Yield the state of the product; what needs the database only if it is sound."""
    yield _pages()
    yield _storage()
    yield from _languages()
    if database_is_sound:
        yield _keys()
        yield _workers()
        yield _interfaces()
    if settings.WITH_PRACTICE:
        yield _practice()


def _pages() -> Outcome:
    manifest = Path(settings.STATICFILES_DIRS[0]) / "manifest.json"
    if not manifest.is_file():
        return wrong("The front end is not built, so pages have no styles. Run `make assets`.")
    return ok("The front end is built.")


def _storage() -> Outcome:
    where = str(settings.MEDIA_BUCKET or settings.MEDIA_ROOT)
    try:
        probing.probe()
    except storage.StorageUnreachable as error:
        return wrong(f"The storage of media, {where}, does not answer: {error}.")
    except storage.StorageFull:
        return wrong(f"The storage of media, {where}, is full. Make room, or nothing more is kept.")
    except storage.StorageError as error:
        return wrong(
            f"The storage of media, {where}, does not let Loa in: {error}. Check the settings "
            "LOA_MEDIA_…, and that Loa may write, read, list and delete there."
        )
    return ok(f"Media are kept in {where}: written, read back and deleted a probe.")


def _languages() -> Iterator[Outcome]:
    for folder in settings.LOCALE_PATHS:
        for language in sorted(Path(folder).iterdir()):
            if not (language / "LC_MESSAGES" / "django.mo").is_file():
                yield wrong(f"The language {language.name} is not compiled. Run `make messages`.")
            else:
                yield ok(f"The language {language.name} is compiled.")


def _keys() -> Outcome:
    masters = sealing.master_keys(settings.MASTER_KEYS)
    shut = 0
    with fence.everywhere("see whether the keys fit"):
        for workspace in Workspace.objects.exclude(data_key="").iterator():
            try:
                sealing.unwrap(workspace.data_key, masters=masters, workspace_id=workspace.pk)
            except sealing.CannotOpen:
                shut += 1
    if shut:
        return wrong(
            f"The master keys do not open the grants of {shut} workspaces. Put the keys with "
            "which they were sealed back into LOA_MASTER_KEYS or LOA_HOME/secrets/master-keys."
        )
    return ok("The master keys open the grants of every workspace.")


def _workers() -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s",
            [clock.now() - SILENT_FOR],
        )
        (alive,) = cursor.fetchone()
    if alive:
        return ok("A worker is at work.")
    if not _up_runs():
        return look("No worker is at work; nothing is sent until `loa up` or `loa work` runs.")
    return wrong("No worker is at work, so nothing is sent. See LOA_HOME/logs/work.log.")


def _interfaces() -> Outcome:
    """Look for interfaces of platforms that end within a month, as they or their folders say."""
    now = clock.now()
    with fence.everywhere("see which interfaces of platforms end"):
        first = channels.first_api_ends(now=now)
    ending = {
        f"{all_connectors()[platform].label} ({one.ends_at:%F})"
        for (_workspace, platform), one in first.items()
        if one.ends_at and one.ends_at - now <= ENDS_SOON
    }
    if ending:
        names = ", ".join(sorted(ending))
        return look(f"These platforms end the interface that Loa speaks: {names}. Update Loa.")
    return ok("No platform has announced the end of the interface that Loa speaks.")


def _practice() -> Outcome:
    url = urlsplit(settings.PRACTICE_URL)
    if reachability.answers(url.hostname or "127.0.0.1", url.port or 80, "/"):
        return ok(f"The practice network answers at {settings.PRACTICE_URL}.")
    if not _up_runs():
        return look("The practice network does not run; `loa up` starts it.")
    return wrong("The practice network does not answer. See LOA_HOME/logs/practice.log.")


def _up_runs() -> bool:
    holder = Lock(settings.HOME.path).holder()
    return holder is not None and bool(holder.address)
