"""All that a composer shows of a post, gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from loa.channels.models import Channel
from loa.connectors import registry
from loa.connectors.contract import Capability, Connector
from loa.content.models import Campaign, LinkCheck, Post, Variant
from loa.content.queries import findings_for, limits_of, state_of
from loa.content.queries.link_checks import checks_of
from loa.content.queries.links import going_for
from loa.content.rules.document import Document
from loa.content.rules.findings import Finding, blocks
from loa.content.rules.outgoing import Going
from loa.content.rules.revisions import PostState
from loa.create.queries.panels import Panel, panel_of
from loa.create.queries.previews import Preview, preview_of
from loa.create.rules.editing import SHARED, name_of
from loa.create.rules.progress import overall
from loa.library.models import Asset
from loa.publish.models import Delivery
from loa.publish.rules import lifecycle
from loa.workspace.models import Workspace


@dataclass(frozen=True)
class Seat:
    """A channel of the workspace as this post uses it. connector: None when it is not installed.

    is_fixed: the post is on its way, live or in doubt there, so its words stand. going: what
    goes out there, with its links as readers get them.
    """

    channel: Channel
    connector: Connector | None
    is_chosen: bool
    has_own: bool = False
    is_fixed: bool = False
    variant: Variant | None = None
    delivery: Delivery | None = None
    findings: tuple[Finding, ...] = ()
    going: Going = field(default_factory=lambda: Going(Document()))

    @property
    def name(self) -> str:
        """Return the name of the channel's own document."""
        return name_of(self.channel.pk)

    @property
    def is_blocked(self) -> bool:
        """True when something stands against sending here."""
        return blocks(self.findings)

    @property
    def planned_at(self) -> datetime | None:
        """Return when it goes out here, None without a time."""
        return self.variant.planned_at if self.variant else None

    def can(self, capability: Capability) -> bool:
        """Say whether the platform has `capability`."""
        return self.connector is not None and self.connector.can(capability)


@dataclass(frozen=True)
class Composer:
    """A post on the desk. post: None while nothing of it is kept."""

    workspace: Workspace
    post: Post | None
    state: PostState
    seats: tuple[Seat, ...]
    assets: Mapping[int, Asset]
    here: str = SHARED
    asked_preview: str = ""
    campaigns: tuple[Campaign, ...] = ()
    checks: Mapping[str, LinkCheck] = field(default_factory=dict)
    panels: tuple[Panel, ...] = field(default=())
    previews: tuple[Preview, ...] = field(default=())

    @property
    def revision(self) -> int:
        """Return the revision that is shown; 0 for a new post."""
        return self.post.revision if self.post else 0

    @property
    def chosen(self) -> tuple[Seat, ...]:
        """Return the channels that the post goes to."""
        return tuple(seat for seat in self.seats if seat.is_chosen)

    @property
    def shown(self) -> str:
        """Return the name of the preview to show, "" when no channel is chosen."""
        names = [seat.name for seat in self.chosen]
        wished = (self.here, self.asked_preview, *names)
        return next((name for name in wished if name in names), "")

    @property
    def word(self) -> str:
        """Return where the post is, as a name of a chip."""
        if self.post is None:
            return "draft"
        return overall(
            review=self.post.review,
            deliveries=[seat.delivery.state for seat in self.chosen if seat.delivery],
            variants=len(self.chosen),
            is_deleted=self.post.deleted_at is not None,
        )

    @property
    def is_open(self) -> bool:
        """True while there is something that can still be changed and sent."""
        return not self.chosen or any(not seat.is_fixed for seat in self.chosen)

    @property
    def is_scheduled(self) -> bool:
        """True while something waits to be sent."""
        return any(seat.delivery and seat.delivery.state == "due" for seat in self.chosen)

    @property
    def is_blocked(self) -> bool:
        """True when something stands against sending."""
        return any(seat.is_blocked for seat in self.chosen if not seat.is_fixed)

    @property
    def planned_at(self) -> datetime | None:
        """Return the first time at which something still goes out, None without one."""
        times = [seat.planned_at for seat in self.chosen if seat.planned_at and not seat.is_fixed]
        return min(times, default=None)

    @property
    def has_several_times(self) -> bool:
        """True when its channels go out at different times."""
        return len({seat.planned_at for seat in self.chosen if not seat.is_fixed}) > 1


def compose(
    workspace: Workspace,
    *,
    post: Post | None = None,
    state: PostState | None = None,
    typed: PostState | None = None,
    here: str = SHARED,
    shown: str = "",
) -> Composer:
    """Return what the composer shows of `post`, or of a post that is not kept yet.

    state: what the page says, by default what is kept. typed: the same before it was brought
    into one form, for findings about the typing. here: the name of the open tab;
    shown: of the preview beside the shared words.
    """
    state = state or (state_of(post) if post else PostState())
    documents = [state.shared, *(one for one in state.own.values() if one)]
    used = {asset for document in documents for asset in document.asset_ids()}
    kept = Asset.objects.in_workspace(workspace).select_related("film")
    assets = kept.in_bulk(used) if used else {}
    seats = _seats(workspace, post=post, state=state, typed=typed or state)
    names = {SHARED, *(seat.name for seat in seats if seat.is_chosen)}
    composer = Composer(
        workspace=workspace,
        post=post,
        state=state,
        seats=seats,
        assets=assets,
        here=here if here in names else SHARED,
        asked_preview=shown,
        campaigns=_campaigns(workspace, state=state),
        checks=_checks(workspace, seats),
    )
    panels = [panel_of(composer, None), *(panel_of(composer, one) for one in composer.chosen)]
    previews = [preview_of(composer, seat) for seat in composer.chosen]
    return Composer(
        **{**vars(composer), "panels": tuple(panels), "previews": tuple(previews)},
    )


def _seats(
    workspace: Workspace, *, post: Post | None, state: PostState, typed: PostState
) -> tuple[Seat, ...]:
    connectors = registry.all_connectors()
    variants = _by_channel(post)
    deliveries = {one.channel_id: one for one in Delivery.objects.filter(post=post)} if post else {}
    channels = list(
        Channel.objects.in_workspace(workspace)
        .filter(Q(pk__in=state.own) | ~Q(state=Channel.State.DISCONNECTED))
        .order_by("connected_at", "pk")
    )
    documents: dict[Channel, Document] = {
        channel: typed.document_for(channel.pk) for channel in channels if channel.pk in state.own
    }
    found = {}
    if documents:
        planned = {channel_id: one.planned_at for channel_id, one in variants.items()}
        found = findings_for(documents, workspace=workspace, except_post=post, planned=planned)
    shown = {channel: state.document_for(channel.pk) for channel in documents}
    limits = {
        channel.pk: limits_of(channel, connectors[channel.platform])
        for channel in documents
        if channel.platform in connectors
    }
    going = going_for(shown, limits=limits, workspace=workspace, post=post) if shown else {}
    return tuple(
        Seat(
            channel=channel,
            connector=connectors.get(channel.platform),
            is_chosen=channel.pk in state.own,
            has_own=state.own.get(channel.pk) is not None,
            is_fixed=_is_fixed(deliveries.get(channel.pk)),
            variant=variants.get(channel.pk),
            delivery=deliveries.get(channel.pk),
            findings=found.get(channel.pk, ()),
            going=going.get(channel.pk) or Going(Document()),
        )
        for channel in channels
    )


def _checks(workspace: Workspace, seats: tuple[Seat, ...]) -> Mapping[str, LinkCheck]:
    urls = {link.written for seat in seats for link in seat.going.links}
    return checks_of(urls, workspace=workspace)


def _by_channel(post: Post | None) -> dict[int, Variant]:
    if post is None:
        return {}
    return {variant.channel_id: variant for variant in post.variants.all()}


def _is_fixed(delivery: Delivery | None) -> bool:
    return delivery is not None and (
        delivery.unproven_since is not None or not lifecycle.may_change_content(delivery.state)
    )


def _campaigns(workspace: Workspace, *, state: PostState) -> tuple[Campaign, ...]:
    offered = Q(archived_at=None) | Q(pk=state.campaign_id or 0)
    return tuple(Campaign.objects.in_workspace(workspace).filter(offered).order_by("name", "pk"))
