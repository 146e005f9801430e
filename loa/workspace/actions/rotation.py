"""Change keys while everything runs. Each step may be stopped and begun again.

Master keys: whoever runs Loa puts the new one first, restarts, and lets `rewrap_keys` wrap
every workspace's keys anew. Data keys: `rotate_data_key` puts a new key in front of the old
one, seals every secret anew, and drops the old key. Between those steps both open.

Why no secret can be left behind under the dropped key: `seal_for` holds the workspace's row
FOR SHARE until its transaction ends, and putting the new key in front updates that row. So
once the new key stands there, everything sealed under the old one is committed and found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from loa.ops import fence, sealing
from loa.ops.sealing import CannotOpen
from loa.workspace.actions.audit import record_audit
from loa.workspace.actions.keys import (
    data_keys,
    masters,
    open_second_step,
    opened_with,
    seal_second_step,
    wrapped_audit_key,
    wrapped_data_key,
)
from loa.workspace.models import Workspace

BATCH = 500
AUDIT_KEY = "audit key"
# Where the sign-in library keeps what the second step's codes are made from.
SECOND_STEP_SECRETS = {"secret", "seed"}


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds secrets: its name starts with `sealed_`."""

    model: type[models.Model]
    name: str

    @property
    def table(self) -> str:
        """The table's name, which every seal is bound to."""
        return self.model._meta.db_table  # noqa: SLF001 (Django's public name for it)

    @property
    def rows(self) -> models.QuerySet[models.Model]:
        """The rows that the fence shows."""
        return self.model._default_manager.all()  # noqa: SLF001 (Django's public name for it)


def sealed_columns() -> tuple[SealedColumn, ...]:
    """Return every column of the product that holds sealed secrets."""
    return tuple(
        SealedColumn(model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001 (Django's public name for it)
        if field.name.startswith("sealed_")
    )


def wrapped_with_older() -> list[Workspace]:
    """Return the workspaces whose keys are not all wrapped by the master key in use."""
    in_use = masters()[0].key_id
    with fence.everywhere("find keys wrapped by an older master key"):
        return [
            workspace
            for workspace in Workspace.objects.order_by("pk")
            if any(
                sealing.wrapped_by(one) != in_use
                for one in [*workspace.data_key.split(), workspace.audit_key]
            )
        ]


def seal_second_steps_anew() -> int:
    """Seal people's second-step secrets under the master key in use; return how many."""
    count = 0
    for row in _second_steps_under_older():
        with transaction.atomic():
            locked = Authenticator.objects.select_for_update().get(pk=row.pk)
            for name in SECOND_STEP_SECRETS & locked.data.keys():
                locked.data[name] = seal_second_step(open_second_step(locked.data[name]))
            locked.save(update_fields=["data"])
        count += 1
    return count


def second_steps_under_older() -> int:
    """Return how many second-step secrets another master key than the one in use sealed."""
    return len(_second_steps_under_older())


def rewrap_keys(workspace: Workspace) -> None:
    """Wrap the keys of `workspace` under the master key in use; the keys stay the same.

    Raises CannotOpen when the master key that wrapped them is not configured any more.
    """
    with fence.inside(workspace.pk):
        row = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        row.data_key = " ".join(wrapped_data_key(row.pk, key) for key in data_keys(row))
        audit = sealing.unwrap(
            row.audit_key, masters=masters(), workspace_id=row.pk, purpose=AUDIT_KEY
        )
        row.audit_key = wrapped_audit_key(row.pk, audit)
        row.save(update_fields=["data_key", "audit_key"])
        record_audit(row, member=None, action="keys.rewrapped")


def rotate_data_key(
    workspace: Workspace, *, progress: Callable[[int], None] = lambda _count: None
) -> int:
    """Seal every secret of `workspace` under a new data key; return how many it sealed.

    Finishes a rotation that was interrupted, instead of starting another. `progress` hears
    how many secrets were looked at since it was last called.
    """
    _begin(workspace)
    count = 0
    for column in sealed_columns():
        count += _seal_anew(workspace, column, progress)
    _end(workspace, count)
    return count


def _second_steps_under_older() -> list[Authenticator]:
    in_use = masters()[0].key_id
    return [
        row
        for row in Authenticator.objects.order_by("pk")
        for name in SECOND_STEP_SECRETS & row.data.keys()
        if sealing.wrapped_by(row.data[name]) != in_use
    ]


def _begin(workspace: Workspace) -> None:
    with fence.inside(workspace.pk):
        row = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        if len(row.data_key.split()) == 1:
            new = wrapped_data_key(row.pk, sealing.new_data_key())
            row.data_key = f"{new} {row.data_key}"
            row.save(update_fields=["data_key"])


def _end(workspace: Workspace, count: int) -> None:
    with fence.inside(workspace.pk):
        row = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        row.data_key = row.data_key.split()[0]
        row.save(update_fields=["data_key"])
        record_audit(row, member=None, action="keys.rotated", detail={"count": count})


def _seal_anew(workspace: Workspace, column: SealedColumn, progress: Callable[[int], None]) -> int:
    """Go through one column; rows that somebody holds are waited for, one by one, at the end."""
    count, held = 0, []
    for batch in _batches(workspace, column):
        sealed, seen = _seal_rows(workspace, column, batch, wait=False)
        count += sealed
        held += [pk for pk in batch if pk not in seen]
        progress(len(batch))
    for pk in held:
        count += _seal_rows(workspace, column, [pk], wait=True)[0]
    return count


def _batches(workspace: Workspace, column: SealedColumn) -> Iterator[list[int]]:
    last = 0
    while True:
        with fence.inside(workspace.pk):
            rows = column.rows.filter(workspace=workspace, pk__gt=last)
            found = rows.exclude(**{column.name: ""}).order_by("pk")
            batch = list(found.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


def _seal_rows(
    workspace: Workspace, column: SealedColumn, pks: list[int], *, wait: bool
) -> tuple[int, set[int]]:
    """Seal the rows anew that are not under the newest key; return how many, and which we saw."""
    with fence.inside(workspace.pk):
        keys = data_keys(Workspace.objects.get(pk=workspace.pk))
        rows = list(
            column.rows.filter(pk__in=pks)
            .select_for_update(no_key=True, skip_locked=not wait)
            .only("pk", column.name)
            .order_by("pk")
        )
        changed = [row for row in rows if _under_newest(row, column, keys, workspace.pk)]
        column.rows.bulk_update(changed, [column.name])
        return len(changed), {row.pk for row in rows}


def _under_newest(
    row: models.Model, column: SealedColumn, keys: tuple[bytes, ...], workspace_id: int
) -> bool:
    """Put the row's secret under the newest key; False when it was already, or is empty."""
    sealed = getattr(row, column.name)
    if not sealed:
        return False
    try:
        opened_with(keys[:1], sealed, column.table, row.pk, workspace_id)
    except CannotOpen:
        secret = opened_with(keys[1:], sealed, column.table, row.pk, workspace_id)
        fresh = sealing.seal(
            secret, data_key=keys[0], table=column.table, row=row.pk, workspace_id=workspace_id
        )
        setattr(row, column.name, fresh)
        return True
    return False
