"""One Loa per folder, and a dead one's note means nothing."""

import json
import os
from pathlib import Path

import pytest

from loa.ops.lock import Holder, InUse, Lock


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    first, second = Lock(tmp_path), Lock(tmp_path)
    first.take(Holder(os.getpid(), "loa up", "http://127.0.0.1:8787"))

    with pytest.raises(InUse, match=rf"process {os.getpid()}.*http://127\.0\.0\.1:8787"):
        second.take(Holder(os.getpid(), "loa up"))

    assert second.holder() == Holder(os.getpid(), "loa up", "http://127.0.0.1:8787")
    first.release()
    assert second.holder() is None


def test_the_note_of_a_dead_process_is_not_believed(tmp_path: Path) -> None:
    note = {"pid": os.getpid(), "what": "loa up", "address": "http://127.0.0.1:8787"}
    (tmp_path / "loa.lock").write_text(json.dumps(note))

    with Lock(tmp_path) as lock:
        lock.take(Holder(os.getpid(), "loa backup"))

    assert Lock(tmp_path).holder() is None


def test_a_lock_is_not_inherited_by_children(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    lock.take(Holder(os.getpid(), "loa up"))

    assert not os.get_inheritable(lock._handle)

    lock.release()
