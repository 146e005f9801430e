"""Seal secrets so that a stolen database, dump or backup alone opens none of them.

Envelope encryption: a master key (from LOA_MASTER_KEYS or LOA_HOME/secrets) wraps one data
key per workspace; the data key seals each secret with AES-256-GCM. The place a secret lives
in (table, row, workspace) is bound to it as associated data, so a ciphertext copied to
another row does not open. Rotation: put the new master key first; old ones still open.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from loa.kernel.errors import LoaError

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(LoaError):
    """A sealed secret does not open: wrong key, wrong place, or tampered with."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master key. `key_id` is derived from the key, so it names it without showing it."""

    key_id: str
    key: bytes

    def __repr__(self) -> str:
        return f"MasterKey({self.key_id})"


def master_keys(setting: str) -> tuple[MasterKey, ...]:
    """Return the master keys of a setting: words separated by blanks, the first one in use."""
    keys = []
    for word in setting.split():
        key = hashlib.sha256(b"loa master key\x00" + word.encode()).digest()
        keys.append(MasterKey(hashlib.sha256(b"loa key id\x00" + key).hexdigest()[:12], key))
    if not keys:
        raise ValueError("at least one master key is needed")
    return tuple(keys)


def new_data_key() -> bytes:
    """Return a fresh random data key."""
    return os.urandom(KEY_BYTES)


def wrap(key: bytes, *, master: MasterKey, workspace_id: int, purpose: str = "data key") -> str:
    """Return `key` sealed under `master`, as text "key_id:base64"; it opens for `purpose` alone."""
    sealed = _encrypt(master.key, key, _place(purpose, 0, workspace_id))
    return f"{master.key_id}:{sealed}"


def wrapped_by(wrapped: str) -> str:
    """Return the id of the master key that wrapped a key."""
    return wrapped.partition(":")[0]


def unwrap(
    wrapped: str,
    *,
    masters: tuple[MasterKey, ...],
    workspace_id: int,
    purpose: str = "data key",
) -> bytes:
    """Return the key inside `wrapped`; CannotOpen when no master key fits, or another purpose."""
    key_id, _, sealed = wrapped.partition(":")
    for master in masters:
        if master.key_id == key_id:
            return _decrypt(master.key, sealed, _place(purpose, 0, workspace_id))
    raise CannotOpen(f"no master key {key_id} is configured")


def seal(
    secret: Mapping[str, str], *, data_key: bytes, table: str, row: int, workspace_id: int
) -> str:
    """Return `secret` sealed for exactly this table, row and workspace, as base64 text."""
    plain = json.dumps(dict(secret), sort_keys=True).encode()
    return _encrypt(data_key, plain, _place(table, row, workspace_id))


def unseal(
    sealed: str, *, data_key: bytes, table: str, row: int, workspace_id: int
) -> dict[str, str]:
    """Return the secret inside `sealed`; CannotOpen when key or place differ."""
    plain = _decrypt(data_key, sealed, _place(table, row, workspace_id))
    opened: dict[str, str] = json.loads(plain)
    return opened


def _place(table: str, row: int, workspace_id: int) -> bytes:
    return f"{table}\x00{row}\x00{workspace_id}".encode()


def _encrypt(key: bytes, plain: bytes, place: bytes) -> str:
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, place)).decode()


def _decrypt(key: bytes, sealed: str, place: bytes) -> bytes:
    try:
        raw = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place)
    except (ValueError, InvalidTag):
        raise CannotOpen("the secret does not open here") from None
