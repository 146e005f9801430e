"""Make tracked links by hand, for what hangs on a wall or lies on a table."""

import secrets

from django.db import IntegrityError, transaction

from loa.content.models import Campaign, Link
from loa.content.queries.links import campaign_name, going_rules
from loa.content.rules.addresses import read_address, to_ascii
from loa.content.rules.outgoing import code_from
from loa.content.rules.utm import marked, plain
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

TRIES = 5
MOST_OF_A_WORKSPACE = 5_000


class NoWebAddress(LoaError):
    """What was typed is no address of the web."""


class TooManyLinks(LoaError):
    """The workspace has as many links for print as it can have."""


def make_print_link(
    by: Member, *, target: str, label: str, campaign: Campaign | None = None
) -> Link:
    """Make a link for one place; the one that is there when place and target are the same.

    Its target is marked like links of posts, where the workspace marks links: source print,
    medium qr, and the place as content. Raises NoWebAddress or TooManyLinks.
    """
    leads_to = _target(by, target, label, campaign)
    label = normalise(label).strip()
    made = Link.objects.in_workspace(by.workspace).filter(post=None)
    there = made.filter(target=leads_to, label=label, campaign=campaign).order_by("pk").first()
    if there is not None:
        return there
    if made.count() >= MOST_OF_A_WORKSPACE:
        raise TooManyLinks(f"workspace {by.workspace_id}")
    with transaction.atomic():
        link = _make(by, leads_to, label, campaign)
        record_audit(
            by.workspace,
            member=by,
            action="links.made",
            subject=f"link:{link.pk}",
            detail={"label": label, "target": leads_to},
        )
    return link


def _make(by: Member, target: str, label: str, campaign: Campaign | None) -> Link:
    for _turn in range(TRIES):
        try:
            with transaction.atomic():
                return Link.objects.create(
                    workspace=by.workspace,
                    code=code_from(secrets.token_bytes(16)),
                    target=target,
                    label=label,
                    campaign=campaign,
                    made_at=clock.now(),
                    made_by=by,
                )
        except IntegrityError:
            continue
    raise TooManyLinks("no free code was found")


def _target(by: Member, typed: str, label: str, campaign: Campaign | None) -> str:
    url = normalise(typed).strip()
    rule = going_rules([by.workspace_id]).get(by.workspace_id)
    if rule is not None and rule.utm is not None:
        wanted = [("utm_source", "print"), ("utm_medium", "qr")]
        if campaign is not None:
            wanted.append(("utm_campaign", plain(campaign_name(campaign))))
        wanted.append(("utm_content", plain(label)))
        url = marked(url, [one for one in wanted if one[1]], overwrites=rule.utm.overwrites)
    address = read_address(url)
    leads_to = to_ascii(address) if address else ""
    if not leads_to:
        raise NoWebAddress(typed[:80])
    return leads_to
