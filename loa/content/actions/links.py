"""Writes about links: the workspace's rule, and the tracked links of what goes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from loa.content.models import Link, LinkRule
from loa.content.queries.links import Stand, code_of
from loa.content.rules.outgoing import GoingLink
from loa.kernel.errors import LoaError
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

# Five keyed hashes of one link that all belong to others: then something else is wrong.
TURNS = 5


class DomainTaken(LoaError):
    """Another workspace has this domain for its links."""


class NoFreeCode(LoaError):
    """Every code tried belongs to another link."""


@dataclass(frozen=True, slots=True)
class NewRule:
    """What a person asks to be done to links; the fields of LinkRule."""

    marks: bool = False
    source: str = "{platform}"
    medium: str = "social"
    campaign: str = "{campaign}"
    content: str = ""
    overwrites: bool = False
    tracks: bool = False
    domain: str = ""
    only_hosts: str = ""
    never_hosts: str = ""
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def set_link_rule(by: Member, *, wanted: NewRule) -> LinkRule:
    """Set what is done to the links of the member's workspace, from the next claim on.

    What is frozen or live keeps its links; tracked links go on leading where they led.
    Raises DomainTaken.
    """
    values = {name: getattr(wanted, name) for name in NewRule.__slots__}
    with transaction.atomic():
        try:
            with transaction.atomic():
                rule, _ = LinkRule.objects.update_or_create(workspace=by.workspace, defaults=values)
        except IntegrityError:
            raise DomainTaken(wanted.domain) from None
        record_audit(
            by.workspace,
            member=by,
            action="links.rule_set",
            subject=f"workspace:{by.workspace_id}",
            detail={
                "marks": rule.marks,
                "tracks": rule.tracks,
                "domain": rule.domain,
                "templates": f"{rule.source} {rule.medium} {rule.campaign} {rule.content}".strip(),
                "own": {channel: dict(words) for channel, words in wanted.own.items()},
            },
        )
    return rule


def keep_links(
    wanted: Iterable[tuple[Stand, GoingLink, int | None]], *, now: datetime
) -> dict[tuple[Stand, int, str], str]:
    """Make the tracked links of what is about to go out; those that are there stay.

    wanted: where each stands, itself, and its campaign's id. Returns the codes of those whose own
    code another link had. Call it inside the transaction that freezes the document, so that no
    code is published without its row.
    """
    left = {
        (stand, link.part, link.target): (link.code, campaign)
        for stand, link, campaign in wanted
        if link.code
    }
    anew: dict[tuple[Stand, int, str], str] = {}
    for turn in range(TURNS):
        if not left:
            return anew
        if turn:
            left = {
                key: (code_of(key[0], turn=turn)(key[1], key[2]), campaign)
                for key, (_taken, campaign) in left.items()
            }
            anew |= {key: code for key, (code, _campaign) in left.items()}
        left = _write(left, now=now)
    raise NoFreeCode(", ".join(code for code, _campaign in left.values()))


def _write(
    links: Mapping[tuple[Stand, int, str], tuple[str, int | None]], *, now: datetime
) -> dict[tuple[Stand, int, str], tuple[str, int | None]]:
    """Write links, and return those whose code belongs to another."""
    rows = [
        Link(
            workspace_id=stand.workspace_id,
            code=code,
            target=target,
            post_id=stand.post_id,
            channel_id=stand.channel_id,
            campaign_id=campaign,
            part=part,
            made_at=now,
        )
        for (stand, part, target), (code, campaign) in links.items()
    ]
    # In one order everywhere, so that two who write the same codes wait and never lock each other.
    rows.sort(key=lambda row: row.code)
    Link.objects.bulk_create(rows, ignore_conflicts=True)
    there = {
        code: (workspace, post, channel, part, target)
        for code, workspace, post, channel, part, target in Link.objects.filter(
            code__in=[row.code for row in rows]
        ).values_list("code", "workspace_id", "post_id", "channel_id", "part", "target")
    }
    return {
        key: (code, campaign)
        for key, (code, campaign) in links.items()
        if there.get(code) != _identity(key)
    }


def _identity(key: tuple[Stand, int, str]) -> tuple[int, int | None, int, int, str]:
    stand, part, target = key
    return (stand.workspace_id, stand.post_id, stand.channel_id, part, target)
