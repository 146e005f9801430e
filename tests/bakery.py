"""The people and places of the tests.

Riverside Bakery: Ana manages, Ben writes, Chloe approves as a client. Omar belongs to
another workspace and should never see any of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from loa.channels.models import Channel
from loa.connectors.contract import Limits
from loa.content.models import Post, Variant
from loa.content.rules.document import Document, Part
from loa.ops import fence
from loa.workspace.actions.keys import fresh_keys
from loa.workspace.models import Member, User, Workspace

# A Monday, 9:00 in Saigon.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "riverside-bread"
_numbers = count(1)


@dataclass(frozen=True)
class Cast:
    """One workspace and its people."""

    workspace: Workspace
    ana: Member
    ben: Member
    chloe: Member

    @contextmanager
    def inside(self) -> Iterator[None]:
        """See what this workspace sees."""
        with fence.inside(self.workspace.pk):
            yield


def riverside_bakery(**workspace: Any) -> Cast:
    """Make the bakery with Ana (owner), Ben (editor) and Chloe (approver)."""
    bakery = a_workspace(name="Riverside Bakery", **workspace)
    return Cast(
        workspace=bakery,
        ana=a_member(bakery, "Ana", role="owner"),
        ben=a_member(bakery, "Ben", role="editor"),
        chloe=a_member(bakery, "Chloe", role="approver"),
    )


def omar() -> Member:
    """Make Omar, who owns a workspace of his own elsewhere."""
    return a_member(a_workspace(name="Hilltop Books"), "Omar", role="owner")


def a_workspace(name: str = "Riverside Bakery", **fields: Any) -> Workspace:
    """Make a workspace with keys of its own and nobody in it."""
    values = {"slug": f"{name.lower().replace(' ', '-')}-{next(_numbers)}", "created_at": MONDAY}
    with fence.everywhere("make a workspace"):
        workspace = Workspace.objects.create(
            **{"name": name, "time_zone": "Asia/Ho_Chi_Minh", "language": "vi", **values, **fields}
        )
        fresh_keys(workspace)
        workspace.save(update_fields=["data_key", "audit_key"])
    return workspace


def a_user(name: str = "Ana", **fields: Any) -> User:
    """Make a user who can sign in with PASSWORD."""
    email = f"{name.lower()}{next(_numbers)}@bakery.example"
    return User.objects.create(
        **{"email": email, "name": name, "password": _hashed(PASSWORD), "joined_at": MONDAY}
        | fields
    )


@cache
def _hashed(password: str) -> str:
    return make_password(password)  # slow by design, so once is enough


def a_member(workspace: Workspace, name: str = "Ana", *, role: str = "owner") -> Member:
    """Make a user and their membership."""
    with fence.inside(workspace.pk):
        return Member.objects.create(
            workspace=workspace, user=a_user(name), role=role, joined_at=MONDAY
        )


def a_channel(workspace: Workspace, name: str = "Bakery", **fields: Any) -> Channel:
    """Make a connected channel of the sandbox, without a grant unless one is given."""
    limits = fields.pop("limits", None)
    values = {
        "platform": "sandbox",
        "base_url": "http://127.0.0.1:8788",
        "external_id": str(next(_numbers)),
        "handle": f"{name.lower()}@sandbox.example",
        "limits": limits.to_json() if isinstance(limits, Limits) else limits,
        "state_at": MONDAY,
        "connected_at": MONDAY,
    }
    with fence.inside(workspace.pk):
        return Channel.objects.create(**{"workspace": workspace, "name": name, **values, **fields})


def a_post(
    by: Member, caption: str = "Fresh loaves at nine.", *, channels: tuple[Channel, ...] = ()
) -> Post:
    """Make a post with one part, and a following variant for each channel.

    Straight into the tables: for tests of what happens to posts, not of how they are written.
    """
    document = Document(parts=(Part(caption),))
    with fence.inside(by.workspace_id):
        post = Post.objects.create(
            workspace=by.workspace,
            shared=document.to_json(),
            revision=1,
            written_by=by,
            created_at=MONDAY,
            changed_at=MONDAY,
        )
        for channel in channels:
            Variant.objects.create(workspace=by.workspace, post=post, channel=channel)
    return post
