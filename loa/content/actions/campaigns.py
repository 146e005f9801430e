"""Writes about campaigns: the labels that posts are filtered, coloured and counted by."""

from django.db import IntegrityError, transaction

from loa.content.models import Campaign
from loa.content.rules.utm import plain
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock
from loa.workspace.models import Workspace

COLOURS = ("jade", "lotus", "indigo", "amber", "lacquer", "stone")


class CampaignNameTaken(LoaError):
    """Another campaign of the workspace has this name."""


def add_campaign(
    name: str, *, workspace: Workspace, colour: str = "jade", utm_name: str = ""
) -> Campaign:
    """Add a campaign; CampaignNameTaken when the workspace has one of that name."""
    try:
        with transaction.atomic():
            return Campaign.objects.create(
                workspace=workspace,
                name=normalise(name).strip(),
                colour=colour if colour in COLOURS else COLOURS[0],
                utm_name=plain(utm_name),
                created_at=clock.now(),
            )
    except IntegrityError:
        raise CampaignNameTaken(name) from None


def change_campaign(campaign: Campaign, *, name: str, colour: str, utm_name: str = "") -> Campaign:
    """Rename and recolour a campaign; CampaignNameTaken as in `add_campaign`.

    utm_name: what links that go out from now on call it; what went out stays.
    """
    campaign.name = normalise(name).strip()
    campaign.colour = colour if colour in COLOURS else campaign.colour
    campaign.utm_name = plain(utm_name)
    try:
        with transaction.atomic():
            campaign.save(update_fields=["name", "colour", "utm_name"])
    except IntegrityError:
        raise CampaignNameTaken(name) from None
    return campaign


def archive_campaign(campaign: Campaign) -> None:
    """Stop offering a campaign; its posts keep the label."""
    campaign.archived_at = clock.now()
    campaign.save(update_fields=["archived_at"])


def restore_campaign(campaign: Campaign) -> None:
    """Offer an archived campaign again."""
    campaign.archived_at = None
    campaign.save(update_fields=["archived_at"])
