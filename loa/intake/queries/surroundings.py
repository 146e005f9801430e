"""What the rows of a file meet: channels, images, campaigns, and the plan as it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from loa.channels.models import Channel
from loa.connectors import registry
from loa.content.models import Campaign
from loa.content.queries import limits_of
from loa.intake.models import ImportRow
from loa.intake.rules.judging import Surroundings
from loa.intake.rules.naming import ChannelFacts, Names
from loa.kernel.text import fold
from loa.library.queries import facts_of, offered
from loa.library.rules.fitting import AssetFacts
from loa.plan.queries import MARGIN, channel_weeks
from loa.plan.queries.cards import groups_between, rows_of
from loa.workspace.models import Workspace

# As far as anybody plans; what lies beyond is not compared.
AHEAD = timedelta(days=3 * 366)


def names_in(workspace: Workspace) -> Names:
    """Return everything that a row may name, in four queries."""
    connectors = registry.all_connectors()
    channels = [
        ChannelFacts(
            pk=week.channel.pk,
            platform=week.channel.platform,
            name=week.channel.name,
            handle=week.channel.handle,
            limits=limits_of(week.channel, connectors[week.channel.platform]),
            capabilities=connectors[week.channel.platform].capabilities,
            is_connected=week.channel.state == Channel.State.CONNECTED,
            min_gap=week.pacing.min_gap,
        )
        for week in channel_weeks(workspace)
        if week.channel.platform in connectors
    ]
    return Names.of(channels, images=_images(workspace), campaigns=campaigns_in(workspace))


def campaigns_in(workspace: Workspace) -> dict[str, int]:
    """Return the campaigns by their folded names."""
    rows = Campaign.objects.in_workspace(workspace).order_by("-pk").values_list("name", "pk")
    return {fold(name): pk for name, pk in rows}


def assets_used(
    names: Names, images: tuple[str, ...], workspace: Workspace
) -> Mapping[int, AssetFacts]:
    """Return what checks need to know of the images that rows name."""
    pks = {pk for name in images if (pk := names.image_named(name)) is not None}
    return facts_of(pks, workspace=workspace) if pks else {}


def surroundings_of(workspace: Workspace, *, now: datetime) -> Surroundings:
    """Return the plan and the earlier imports as rows are compared with them, in two queries."""
    around = Surroundings(zone=workspace.time_zone)
    planned = groups_between(workspace, since=now - MARGIN, until=now + AHEAD, now=now)
    for row in rows_of(planned):
        if row.occupies:
            around.add(row.channel_id, row.planned_at, row.text_key)
    around.known = set(
        ImportRow.objects.in_workspace(workspace)
        .filter(state=ImportRow.State.DONE, post__deleted_at=None)
        .values_list("key", flat=True)
    )
    return around


def _images(workspace: Workspace) -> dict[str, int]:
    """Return the library by folded file names, with and without their endings; the newest wins."""
    found: dict[str, int] = {}
    for filename, pk in offered(workspace).values_list("filename", "pk"):
        name = fold(filename)
        found.setdefault(name, pk)
        found.setdefault(name.rpartition(".")[0] or name, pk)
    return found
