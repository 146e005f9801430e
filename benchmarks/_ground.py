"""A durable database of its own and a workspace with channels, for one benchmark run."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loa.channels.models import Channel
    from loa.content.models import Post
    from loa.ops.postgres.server import Server
    from loa.workspace.models import Member, Workspace


@contextmanager
def fresh_database() -> "Iterator[Server]":
    """Run a server that syncs to disk like the product's, migrate, and connect Django as app.

    Yields the server, for what stops and starts it.
    """
    home = Path(tempfile.mkdtemp(prefix="loa-bench-"))
    home.chmod(0o755)
    os.environ["LOA_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loa.site.settings")
    from loa.ops import processes  # noqa: PLC0415
    from loa.ops.postgres.folder import Folder  # noqa: PLC0415
    from loa.ops.postgres.server import Server  # noqa: PLC0415

    roles = ("postgres", "loa_owner", "loa_app")
    folder = Folder(
        home / "postgres",
        home / "postgres" / "socket",
        {role: secrets.token_urlsafe(24) for role in roles},
    )
    server = Server(folder)
    try:
        server.start()
        _migrate(server.url("loa_owner"))
        _connect(server.url("loa_app"))
        processes.settle()  # as `loa work` does
        yield server
    finally:
        _disconnect()
        server.stop(first=signal.SIGQUIT)
        shutil.rmtree(home, ignore_errors=True)


def _migrate(url: str) -> None:
    os.environ["DATABASE_URL"] = url
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _connect(url: str) -> None:
    """Point Django, in every thread, and every child process, at `url`."""
    from django.db import connections  # noqa: PLC0415

    from loa.site.settings import _database  # noqa: PLC0415

    os.environ["DATABASE_URL"] = url
    connections["default"].close()
    connections.settings["default"].update(_database(url))


def _disconnect() -> None:
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def a_workspace_with_channels(*, channels: int, base_url: str) -> "tuple[Workspace, list[Channel]]":
    """Found a workspace with that many practice channels, without asking any network."""
    from loa.channels.models import Channel, Grant  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.workspace.actions import (  # noqa: PLC0415
        NewPerson,
        create_person,
        create_workspace,
        seal_for,
    )
    from loa.workspace.models import Member  # noqa: PLC0415

    mark = secrets.token_hex(4)
    person = create_person(
        NewPerson(email=f"{mark}@bench.example", name="Ana", password=None, language="en")
    )
    workspace = create_workspace(f"Bench {mark}", owner=person)
    made = []
    with fence.inside(workspace.pk):
        owner = Member.objects.in_workspace(workspace).get()
        for number in range(channels):
            grant = Grant.objects.create(
                workspace=workspace, platform="sandbox", given_by=owner, given_at=clock.now()
            )
            grant.sealed_secret = seal_for(
                workspace, {"access_code": "bench"}, table="channels_grant", row=grant.pk
            )
            grant.save(update_fields=["sealed_secret"])
            made.append(
                Channel.objects.create(
                    workspace=workspace,
                    grant=grant,
                    platform="sandbox",
                    base_url=base_url,
                    external_id=f"{mark}-{number}",
                    handle=f"bench{number}",
                    name=f"Bench {number}",
                    facts={"idempotency": "native_key"},
                    state_at=clock.now(),
                    connected_at=clock.now(),
                )
            )
    return workspace, made


def due_posts(
    workspace: "Workspace", channels: "list[Channel]", due_at: list[datetime], *, mark: str
) -> None:
    """Hand over one post for each instant, the channels taking turns."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.workspace.models import Member  # noqa: PLC0415

    with fence.inside(workspace.pk):
        owner = Member.objects.in_workspace(workspace).get()
        posts = planned_posts(
            [channels[number % len(channels)] for number in range(len(due_at))],
            [[f"{mark} {number}: bánh mì nóng đây!"] for number in range(len(due_at))],
            due_at=due_at,
            by=owner,
        )
        deliveries_of(posts, by=owner)


def planned_posts(
    channels: "Sequence[Channel]",
    said: Sequence[Sequence[str]],
    *,
    due_at: Sequence[datetime] | datetime,
    by: "Member",
) -> "list[Post]":
    """Write a post for each channel, with the captions of its parts, planned and not handed over.

    Straight into the tables: no rule is asked.
    """
    from loa.content.models import Post, Variant  # noqa: PLC0415
    from loa.content.rules.document import Document, Part  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415

    now = clock.now()
    at = [due_at] * len(channels) if isinstance(due_at, datetime) else due_at
    with fence.inside(by.workspace_id):
        posts = Post.objects.bulk_create(
            Post(
                workspace_id=by.workspace_id,
                shared=Document(tuple(map(Part, captions))).to_json(),
                written_by=by,
                created_at=now,
                changed_at=now,
            )
            for captions in said
        )
        Variant.objects.bulk_create(
            Variant(
                workspace_id=by.workspace_id,
                post=post,
                channel=channel,
                planned_local=planned.replace(tzinfo=None).isoformat(timespec="seconds"),
                planned_zone="UTC",
                planned_at=planned,
            )
            for post, channel, planned in zip(posts, channels, at, strict=True)
        )
    return posts


def deliveries_of(posts: "Sequence[Post]", *, by: "Member") -> None:
    """Write the deliveries of planned posts as handing them over would have."""
    from loa.content.models import Variant  # noqa: PLC0415
    from loa.ops import clock, fence  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415
    from loa.publish.rules import lateness  # noqa: PLC0415

    now = clock.now()
    with fence.inside(by.workspace_id):
        variants = Variant.objects.in_workspace(by.workspace).filter(post__in=posts).order_by("pk")
        Delivery.objects.bulk_create(
            Delivery(
                workspace_id=by.workspace_id,
                variant=variant,
                post_id=variant.post_id,
                channel_id=variant.channel_id,
                due_at=due_at,
                ready_at=due_at,
                late_after=lateness.late_after(due_at, asked_at=now),
                scheduled_by=by,
                scheduled_at=now,
            )
            for variant in variants
            if (due_at := variant.planned_at)
        )
