"""Remove files that no row names: what a crash left between a file and its row, and the like."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched

from django.apps import apps
from django.db.models import Model

from loa.library import storage
from loa.library.storage import Stored
from loa.ops import clock, fence

# A row names its file within one transaction of writing it; this leaves much more.
LEAST_AGE = timedelta(days=1)
AT_ONCE = 500
# Every column that names a file is called so, in whatever app.
KEY = "storage_key"


def tidy_media(*, older_than: timedelta, dry_run: bool) -> Iterator[Stored]:
    """Remove, and yield, the files that were written that long ago and that no row names.

    Safe while people upload: each file is looked at once more when nobody can be keeping it.
    """
    if older_than < LEAST_AGE:
        raise ValueError(f"files younger than {LEAST_AGE} may be about to get their row")
    before = clock.now() - older_than
    for some in batched(storage.listing(), AT_ONCE):
        old = [one for one in some if one.changed_at < before]
        with fence.everywhere("find the files that a row names"):
            named = _named([one.key for one in old])
        for one in old:
            if one.key not in named and (dry_run or _removed(one.key, before=before)):
                yield one


def _removed(key: str, *, before: datetime) -> bool:
    with fence.everywhere("remove a file that no row names"):
        storage.hold(key, alone=True)
        found = storage.find(key)
        if found is None or found.changed_at >= before or _named([key]):
            return False
        storage.remove(key)
    return True


def _named(keys: list[str]) -> set[str]:
    """Return those of `keys` that a row of any workspace names."""
    found: set[str] = set()
    for model in naming_models():
        rows = model._default_manager.filter(**{f"{KEY}__in": keys})  # noqa: SLF001 (Django's own)
        found |= set(rows.values_list(KEY, flat=True))
    return found


def naming_models() -> list[type[Model]]:
    """Return the tables with a column that names a file."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == KEY for field in model._meta.concrete_fields)  # noqa: SLF001
    ]
