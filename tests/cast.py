"""The cast of all tests: Riverside Bakery, its people, and Omar from elsewhere.

Ana owns and manages, Ben writes, Chloe approves as a client; Omar belongs to another
workspace and must never see this one. Builders are plain functions that make real rows
through the product's own actions where there is one; each opens the fence it needs.

Rows are invisible without a fence: read them inside `fence.inside(workspace.pk)`.
"""

import io
import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from loa.channels.models import Channel, Grant
from loa.content.actions import note_showings
from loa.content.models import Post, Variant
from loa.content.queries import state_of
from loa.content.rules.document import Attachment, Document, Part
from loa.kernel.text import fold
from loa.library.models import Asset, Film
from loa.ops import clock, fence
from loa.workspace.actions import NewPerson, create_person, create_workspace, seal_for
from loa.workspace.models import Member, User, Workspace
from loa.workspace.rules.permissions import Role

PASSWORD = "sourdough and patience"
A_MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in Ho Chi Minh City

_number = itertools.count(1)


def a_person(
    name: str = "Ana Lê", *, email: str = "", password: str | None = None, language: str = "en"
) -> User:
    """Make a person who can sign in; with `password=None` only by `signed_in`."""
    address = email or f"{name.split(maxsplit=1)[0].lower()}{next(_number)}@riverside.example"
    return create_person(NewPerson(email=address, name=name, password=password, language=language))


def a_workspace(
    name: str = "Riverside Bakery",
    *,
    owner: User | None = None,
    time_zone: str = "Asia/Ho_Chi_Minh",
    language: str = "vi",
    currency: str = "VND",
    is_demo: bool = False,
) -> Workspace:
    """Make a workspace; without `owner`, Ana owns it."""
    return create_workspace(
        name,
        owner=owner or a_person(),
        time_zone=time_zone,
        language=language,
        currency=currency,
        is_demo=is_demo,
    )


def a_member(
    workspace: Workspace,
    role: str = Role.EDITOR,
    *,
    name: str = "Ben Trần",
    user: User | None = None,
) -> Member:
    """Make somebody a member of `workspace`."""
    person = user or a_person(name)
    with fence.inside(workspace.pk):
        return Member.objects.create(
            workspace=workspace, user=person, role=role, joined_at=clock.now()
        )


def the_owner(workspace: Workspace) -> Member:
    """Return the first member of `workspace`: its owner."""
    with fence.inside(workspace.pk):
        return (
            Member.objects.in_workspace(workspace)
            .filter(role=Role.OWNER, left_at=None)
            .select_related("user", "workspace")
            .order_by("pk")[0]
        )


def ana(workspace: Workspace) -> Member:
    """Return Ana, who owns and manages the bakery's workspace."""
    return the_owner(workspace)


def ben(workspace: Workspace) -> Member:
    """Make Ben, who writes."""
    return a_member(workspace, Role.EDITOR, name="Ben Trần")


def chloe(workspace: Workspace) -> Member:
    """Make Chloe, who approves as a client."""
    return a_member(workspace, Role.APPROVER, name="Chloe Martin")


def omar() -> Member:
    """Make Omar, who owns another workspace and is a stranger everywhere else."""
    person = a_person("Omar Haddad", email=f"omar{next(_number)}@elsewhere.example")
    return the_owner(a_workspace("Elsewhere Coffee", owner=person))


def a_channel(
    workspace: Workspace,
    *,
    platform: str = "sandbox",
    handle: str = "",
    name: str = "Riverside Bakery",
    base_url: str = "http://practice.example",
    secret: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
    limits: Mapping[str, Any] | None = None,
    state: str = Channel.State.CONNECTED,
) -> Channel:
    """Make a connected channel with a sealed grant, without asking any platform."""
    now = clock.now()
    handle = handle or f"riverside{next(_number)}"
    with fence.inside(workspace.pk):
        grant = Grant.objects.create(
            workspace=workspace, platform=platform, given_by=the_owner(workspace), given_at=now
        )
        grant.sealed_secret = seal_for(
            workspace,
            secret or {"access_token": f"canary-{handle}"},
            table="channels_grant",
            row=grant.pk,
        )
        grant.save(update_fields=["sealed_secret"])
        return Channel.objects.create(
            workspace=workspace,
            grant=grant,
            platform=platform,
            base_url=base_url,
            external_id=f"id-{handle}",
            handle=handle,
            name=name,
            state=state,
            state_at=now,
            connected_at=now,
            facts=dict(facts or {}),
            limits=dict(limits) if limits is not None else None,
        )


def a_post(
    workspace: Workspace,
    *,
    title: str = "Loaves",
    text: str = "The sourdough is out of the oven.",
    written_by: Member | None = None,
    channels: tuple[Channel, ...] = (),
    due_at: datetime | None = None,
    language: str = "en",
    assets: tuple[Asset, ...] = (),
    **fields: Any,
) -> Post:
    """Make a post with a variant for each of `channels`, planned for `due_at` if given.

    Rows only: nothing is scheduled and no rule is asked; use the actions where that matters.
    """
    now = clock.now()
    shown = tuple(Attachment(one.pk, one.alt_text, (0.0, 0.0)) for one in assets)
    with fence.inside(workspace.pk):
        post = Post.objects.create(
            workspace=workspace,
            title=title,
            shared=Document(parts=(Part(text, shown),)).to_json(),
            search_text=fold(f"{title} {text}"),
            language=language,
            written_by=written_by or the_owner(workspace),
            created_at=now,
            changed_at=now,
            **fields,
        )
        note_showings(post, state=state_of(post))
        for channel in channels:
            a_variant(post, channel, due_at=due_at)
    return post


def a_variant(post: Post, channel: Channel, *, due_at: datetime | None = None) -> Variant:
    """Make the variant of `post` for `channel`, planned for `due_at` if given."""
    planned: dict[str, Any] = {}
    if due_at:
        local = due_at.astimezone(UTC).replace(tzinfo=None)
        planned = {
            "planned_local": local.isoformat(timespec="seconds"),
            "planned_zone": "UTC",
            "planned_at": due_at,
        }
    with fence.inside(post.workspace_id):
        return Variant.objects.create(
            workspace_id=post.workspace_id, post=post, channel=channel, **planned
        )


def an_asset(workspace: Workspace, *, uploaded_by: Member | None = None, **fields: Any) -> Asset:
    """Make the row of a picture without its file; upload one where the file matters."""
    values = {
        "sha256": f"{next(_number):064x}",
        "filename": "loaf.jpg",
        "mime_type": "image/jpeg",
        "size_bytes": 120_000,
        "width_px": 1600,
        "height_px": 1200,
        "storage_key": f"{workspace.pk}/00/none.jpg",
        "uploaded_by": uploaded_by or the_owner(workspace),
        "uploaded_at": clock.now(),
    }
    with fence.inside(workspace.pk):
        return Asset.objects.create(workspace=workspace, **(values | fields))


def a_video(workspace: Workspace, *, uploaded_by: Member | None = None, **film: Any) -> Asset:
    """Make the rows of a video without its files; upload one where the files matter."""
    asset = an_asset(
        workspace,
        uploaded_by=uploaded_by,
        filename="oven.mp4",
        mime_type="video/mp4",
        size_bytes=4_000_000,
        width_px=1280,
        height_px=720,
    )
    values = {
        "duration_ms": 20_000,
        "frame_rate": 30.0,
        "video_codec": "h264",
        "pixel_format": "yuv420p",
        "audio_codec": "aac",
        "packet_count": 600,
        "state": Film.State.READY,
    }
    with fence.inside(workspace.pk):
        asset.film = Film.objects.create(workspace=workspace, asset=asset, **(values | film))
    return asset


def signed_in(who: Member | User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(who.user if isinstance(who, Member) else who)
    return client


def read_again(workspace: Workspace) -> Workspace:
    """Return `workspace` as the database has it now."""
    with fence.inside(workspace.pk):
        return Workspace.objects.get(pk=workspace.pk)


def silence() -> io.StringIO:
    """Return somewhere for a command's words that no test reads."""
    return io.StringIO()


def variant_of(post: Post, channel: Channel) -> Variant:
    """Return the variant of `post` for `channel`."""
    with fence.inside(post.workspace_id):
        return Variant.objects.in_workspace(post.workspace).get(post=post, channel=channel)


def end_membership(member: Member) -> None:
    """Let somebody leave, whatever the rules say."""
    with fence.inside(member.workspace_id):
        Member.objects.filter(pk=member.pk).update(left_at=clock.now())
