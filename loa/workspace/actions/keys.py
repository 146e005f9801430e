"""The keys of a workspace, and the secrets sealed with them.

Workspace.data_key holds the wrapped data keys, newest first, separated by blanks: one, except
while a rotation re-seals what the older one sealed. Workspace.audit_key is for the audit trail
and never changes, so that old entries stay checkable; it too is wrapped by the master key.
"""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.db import connection

from loa.ops import sealing
from loa.ops.sealing import CannotOpen, MasterKey
from loa.workspace.models import Workspace

SECOND_STEP = "second step"


def masters() -> tuple[MasterKey, ...]:
    """Return this installation's master keys, the one in use first."""
    return _masters(settings.MASTER_KEYS)


def fresh_keys(workspace: Workspace) -> None:
    """Give a workspace that has just got its id keys of its own, without saving it."""
    workspace.data_key = wrapped_data_key(workspace.pk, sealing.new_data_key())
    workspace.audit_key = wrapped_audit_key(workspace.pk, sealing.new_data_key())


def wrapped_data_key(workspace_id: int, key: bytes) -> str:
    """Return `key` wrapped under the master key in use."""
    return sealing.wrap(key, master=masters()[0], workspace_id=workspace_id)


def wrapped_audit_key(workspace_id: int, key: bytes) -> str:
    """Return the audit key `key` wrapped under the master key in use."""
    return sealing.wrap(key, master=masters()[0], workspace_id=workspace_id, purpose="audit key")


def data_key(workspace: Workspace) -> bytes:
    """Return the data key that seals new secrets; CannotOpen when no master key fits."""
    return data_keys(workspace)[0]


def data_keys(workspace: Workspace) -> tuple[bytes, ...]:
    """Return every data key that may have sealed a secret here, the newest first."""
    opened = tuple(
        sealing.unwrap(one, masters=masters(), workspace_id=workspace.pk)
        for one in workspace.data_key.split()
    )
    if not opened:
        raise CannotOpen(f"workspace {workspace.pk} has no data key")
    return opened


def audit_key(workspace: Workspace) -> bytes:
    """Return the key of the audit trail; CannotOpen when no master key fits."""
    return sealing.unwrap(
        workspace.audit_key, masters=masters(), workspace_id=workspace.pk, purpose="audit key"
    )


def seal_for(workspace: Workspace, secret: Mapping[str, str], *, table: str, row: int) -> str:
    """Return `secret` sealed for one row of one table of the workspace, as text.

    Keep it in a column whose name starts with `sealed_`, on a model with a `workspace`: key
    rotation finds such columns by themselves. `table` is the model's db_table. Must run in
    the transaction that saves the row: it holds off the end of a key rotation until then.
    """
    with connection.cursor() as cursor:
        # FOR SHARE: rotation drops an old key only when nobody is about to save under it.
        cursor.execute(
            "SELECT data_key FROM workspace_workspace WHERE id = %s FOR SHARE", [workspace.pk]
        )
        found = cursor.fetchone()
    if found is None:
        raise CannotOpen(f"workspace {workspace.pk} is not inside this fence")
    workspace.data_key = found[0]
    return sealing.seal(
        secret, data_key=data_key(workspace), table=table, row=row, workspace_id=workspace.pk
    )


def open_for(workspace: Workspace, sealed: str, *, table: str, row: int) -> dict[str, str]:
    """Return the secret inside `sealed`; CannotOpen when key or place differ."""
    try:
        return opened_with(data_keys(workspace), sealed, table, row, workspace.pk)
    except CannotOpen:
        # The keys may have been rotated since this instance was read.
        workspace.refresh_from_db(fields=["data_key"])
        return opened_with(data_keys(workspace), sealed, table, row, workspace.pk)


def opened_with(
    keys: tuple[bytes, ...], sealed: str, table: str, row: int, workspace_id: int
) -> dict[str, str]:
    """Return the secret inside `sealed` by the first of `keys` that opens it; CannotOpen."""
    for key in keys:
        try:
            return sealing.unseal(
                sealed, data_key=key, table=table, row=row, workspace_id=workspace_id
            )
        except CannotOpen:
            continue
    raise CannotOpen("the secret does not open here")


def seal_second_step(secret: str) -> str:
    """Return a person's second-step secret sealed under the master key in use.

    It belongs to a person and to no workspace, so no data key fits.
    """
    return sealing.wrap(secret.encode(), master=masters()[0], workspace_id=0, purpose=SECOND_STEP)


def open_second_step(sealed: str) -> str:
    """Return what `seal_second_step` sealed; CannotOpen when no master key fits."""
    return sealing.unwrap(sealed, masters=masters(), workspace_id=0, purpose=SECOND_STEP).decode()


@lru_cache(maxsize=4)
def _masters(setting: str) -> tuple[MasterKey, ...]:
    return sealing.master_keys(setting)
