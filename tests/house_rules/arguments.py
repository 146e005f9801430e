"""How to make a real row for each argument of an address.

An app that adds an address with a new argument declares here what fills it:

    @fills("note_id")
    def a_note(bakery: Scene) -> object:
        ...make a row in bakery.workspace, return the value for the address

`of="app:name"` fills it for one address alone, when the same name means something else there.
"""

import io
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property

from loa.channels.models import Channel
from loa.content.actions import set_aside
from loa.content.actions.campaigns import add_campaign
from loa.content.models import Post, Variant
from loa.content.queries import state_of
from loa.create.actions import add_note
from loa.intake.actions import Wishes, add_source, begin_import
from loa.intake.models import Source
from loa.library.actions import (
    add_consent,
    add_folder,
    begin_upload,
    keep_captions,
    order_rendition,
)
from loa.library.models import Asset, Folder
from loa.library.queries import WATCH
from loa.library.rules.film import plan_to_watch
from loa.measure.actions.print_links import make_print_link
from loa.ops import clock, fence
from loa.plan.actions import Terms, add_slot, make_feed, start_series
from loa.plan.models import Evergreen, Refill
from loa.plan.rules.recurrence import Kind, Rhythm
from loa.publish.actions import schedule_post
from loa.watch.actions import add_destination
from loa.workspace.actions import invite_member
from loa.workspace.models import Member, Workspace
from loa.workspace.rules.permissions import Role
from tests import cast
from tests.house_rules.addresses import WORKSPACE, Address


@dataclass
class Scene:
    """One workspace with its rows, made when an argument needs them."""

    workspace: Workspace

    @cached_property
    def owner(self) -> Member:
        """Who owns it."""
        return cast.the_owner(self.workspace)

    @cached_property
    def channel(self) -> Channel:
        """A connected channel."""
        return cast.a_channel(self.workspace)

    @cached_property
    def post(self) -> Post:
        """A post with a planned variant."""
        return cast.a_post(self.workspace, channels=(self.channel,), due_at=cast.A_MONDAY)

    @cached_property
    def video(self) -> Asset:
        """A video of the library."""
        return cast.a_video(self.workspace, uploaded_by=self.owner)

    @cached_property
    def variant(self) -> Variant:
        """The planned variant."""
        return cast.variant_of(self.post, self.channel)


type Filler = Callable[[Scene], object]
_number = itertools.count(1)
_FILLERS: dict[tuple[str, str], Filler] = {}


class NobodyFills(LookupError):
    """An address has an argument for which nothing here makes a row."""


def fills(argument: str, *, of: str = "") -> Callable[[Filler], Filler]:
    """Declare what fills `argument` in every address, or in the one called `of`."""

    def declare(filler: Filler) -> Filler:
        if (argument, of) in _FILLERS:
            raise ValueError(f"{argument} of {of or 'every address'} is filled twice")
        _FILLERS[argument, of] = filler
        return filler

    return declare


def arguments(address: Address, scene: Scene) -> Mapping[str, object]:
    """Return a value for every argument of `address`, from real rows of the scene."""
    values: dict[str, object] = {}
    for name in address.arguments:
        if name == WORKSPACE:
            values[name] = scene.workspace.slug
            continue
        filler = _FILLERS.get((name, address.name)) or _FILLERS.get((name, ""))
        if filler is None:
            raise NobodyFills(
                f"{address.name} ({address.route}) takes {name!r}: say in"
                " tests/house_rules/arguments.py how to make a row for it"
            )
        values[name] = filler(scene)
    return values


@fills("channel_id")
def _channel(scene: Scene) -> object:
    return scene.channel.pk


@fills("post_id")
def _post(scene: Scene) -> object:
    return scene.post.pk


@fills("variant_id")
def _variant(scene: Scene) -> object:
    return scene.variant.pk


@fills("revision_id")
def _revision(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        state = state_of(scene.post)
        kept = set_aside(scene.post, state=state, base_revision=0, tab="", by=scene.owner)
    return kept.pk


@fills("campaign_id")
def _campaign(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        return add_campaign(f"Tết {next(_number)}", workspace=scene.workspace).pk


@fills("link_id")
def _link(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        target = f"https://tiem.example/{next(_number)}"
        return make_print_link(scene.owner, target=target, label="Table 5").pk


@fills("form", of="measure:link-qr")
def _form(_scene: Scene) -> object:
    return "svg"


@fills("note_id")
def _note(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        return add_note(scene.post, words="Name the flour.", by=scene.owner).pk


@fills("asset_id")
def _asset(scene: Scene) -> object:
    return cast.an_asset(scene.workspace, uploaded_by=scene.owner).pk


@fills("consent_id")
def _consent(scene: Scene) -> object:
    asset = cast.an_asset(scene.workspace, uploaded_by=scene.owner)
    with fence.inside(scene.workspace.pk):
        return add_consent(asset, person="Lan", by=scene.owner).pk


@fills("upload_id")
def _upload(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        return begin_upload(by=scene.owner, filename="loaf.jpg", size_bytes=9).pk


def _a_video(scene: Scene) -> object:
    return scene.video.pk


for _address in ("change-cover", "add-captions", "show-captions", "remove-captions"):
    fills("asset_id", of=f"library:{_address}")(_a_video)
for _address in ("cancel-order", "restart-order"):
    fills("asset_id", of=f"library:{_address}")(_a_video)


@fills("order_id")
def _order(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        return order_rendition(scene.video, plan_to_watch(scene.video.facts), need=WATCH).pk


@fills("language")
def _language(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        said = b"00:00.000 --> 00:01.000\nBread"
        return keep_captions(scene.video, said, language="vi").language


@fills("kind")
def _kind(_scene: Scene) -> object:
    return "csv"


@fills("import_id")
def _import(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        file = io.BytesIO(b"Channels,Caption\nnowhere,Loaves\n")
        return begin_import(scene.owner, file=file, filename="december.csv").pk


@fills("source_id")
def _source(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        number = Source.objects.in_workspace(scene.workspace).count()
        url = f"https://blog.example/feed/{number}"
        return add_source(scene.owner, url=url, wishes=Wishes()).pk


@fills("folder_id")
def _folder(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        number = Folder.objects.in_workspace(scene.workspace).count()
        return add_folder(f"Tết {number}", by=scene.owner).pk


@fills("size")
def _size(_scene: Scene) -> object:
    return "original"


@fills("platform")
def _platform(_scene: Scene) -> object:
    return "sandbox"


@fills("member_id")
def _member(scene: Scene) -> object:
    return cast.a_member(scene.workspace, Role.VIEWER, name="Mai Vũ").pk


@fills("invitation_id")
def _invitation(scene: Scene) -> object:
    new = invite_member(scene.workspace, by=scene.owner, role=Role.EDITOR)
    return new.invitation.pk


@fills("slot_id")
def _slot(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        return add_slot(scene.channel, weekday=0, local_time=time(8)).pk


@fills("series_id")
def _series(scene: Scene) -> object:
    tomorrow = clock.now() + timedelta(days=1)
    every_week = Rhythm(Kind.WEEKLY, tomorrow.date(), weekdays=(0,))
    terms = Terms("Bread", every_week, time(8), schedules=False)
    with fence.inside(scene.workspace.pk):
        return start_series(scene.post, terms=terms, by=scene.owner).pk


@fills("evergreen_id")
def _evergreen(scene: Scene) -> object:
    return _marked(scene).pk


@fills("refill_id")
def _refill(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        refill = Refill.objects.create(
            workspace=scene.workspace,
            evergreen=_marked(scene),
            channel=scene.channel,
            slot_at=clock.now() + timedelta(days=2),
            post=cast.a_post(scene.workspace, channels=(scene.channel,)),
            wording_number=1,
            words="Bread, once more.",
            rested_days=60,
            repeat_number=1,
            likeness_ratio=0.1,
        )
    return refill.pk


def _marked(scene: Scene) -> Evergreen:
    with fence.inside(scene.workspace.pk):
        evergreen, _is_new = Evergreen.objects.get_or_create(
            workspace=scene.workspace,
            post=scene.post,
            defaults={
                "alternates": ["Bread, once more."],
                "cooldown_days": 30,
                "most_repeats": 3,
                "marked_by": scene.owner,
                "marked_at": clock.now(),
            },
        )
        return evergreen


@fills("feed_id")
def _feed(scene: Scene) -> object:
    with fence.inside(scene.workspace.pk):
        return make_feed(scene.owner, name="Wall").feed.pk


@fills("destination_kind")
def _destination_kind(_scene: Scene) -> object:
    return "email"


@fills("destination_id")
def _destination(scene: Scene) -> object:
    made = add_destination(
        scene.workspace,
        by=scene.owner,
        kind="email",
        name="Ana",
        secret={"address": "ana@riverside.example"},
        shown="ana@riverside.example",
    )
    return made.pk


@fills("delivery_id")
def _delivery(scene: Scene) -> object:
    tomorrow = clock.now() + timedelta(days=1)
    post = cast.a_post(scene.workspace, channels=(scene.channel,), due_at=tomorrow)
    with fence.inside(scene.workspace.pk):
        return schedule_post(post, by=scene.owner)[0].pk
