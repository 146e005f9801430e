"""What becomes of links: the workspace's rule, and documents as they go out under it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.crypto import salted_hmac

from loa.channels.models import Channel
from loa.connectors.contract import Limits
from loa.connectors.counting import fits
from loa.content.models import Campaign, LinkRule, Post
from loa.content.rules.document import Document
from loa.content.rules.outgoing import CodeOf, Going, GoingRule, code_from, going
from loa.content.rules.utm import UtmRule
from loa.workspace.models import Workspace

NOTHING = GoingRule()


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a document goes out: what its links say about that. post_id: None before it is kept."""

    workspace_id: int
    channel_id: int
    platform: str
    handle: str
    post_id: int | None = None
    campaign: str = ""

    def about(self) -> dict[str, str]:
        """Return what the places of a UTM template stand for."""
        return {
            "platform": self.platform,
            "channel": self.handle,
            "campaign": self.campaign,
            "post": str(self.post_id or ""),
        }


def link_rule(workspace: Workspace) -> LinkRule:
    """Return the workspace's rule for links; one that does nothing when none is kept."""
    return LinkRule.objects.filter(workspace=workspace).first() or LinkRule(workspace=workspace)


def going_rules(workspace_ids: Collection[int]) -> dict[int, GoingRule]:
    """Return the rule of each workspace that does anything to links."""
    rules = LinkRule.objects.filter(workspace_id__in=workspace_ids)
    return {rule.workspace_id: going_rule(rule) for rule in rules if rule.marks or rule.tracks}


def going_rule(rule: LinkRule) -> GoingRule:
    """Return the rule as a plain value."""
    utm = UtmRule(
        source=rule.source,
        medium=rule.medium,
        campaign=rule.campaign,
        content=rule.content,
        overwrites=rule.overwrites,
    )
    return GoingRule(
        utm=utm if rule.marks else None,
        base=link_base(rule.domain) if rule.tracks else "",
        only_hosts=tuple(rule.only_hosts.split()),
        never_hosts=tuple(rule.never_hosts.split()),
        own={
            int(channel_id): replace(utm, **{name: words for name, words in own.items() if words})
            for channel_id, own in rule.own.items()
        },
    )


def link_base(domain: str = "") -> str:
    """Return what tracked links begin with: the workspace's host, the installation's, our own."""
    scheme = settings.PUBLIC_URL.partition(":")[0]
    host = domain or settings.LINK_DOMAIN
    return f"{scheme}://{host}/" if host else f"{settings.PUBLIC_URL}/l/"


def going_for(
    documents: Mapping[Channel, Document],
    *,
    limits: Mapping[int, Limits],
    workspace: Workspace,
    post: Post | None,
    rule: GoingRule | None = None,
) -> dict[int, Going]:
    """Return, by channel id, what goes out of these documents.

    limits: by channel id. rule: the workspace's, where it was read before.
    """
    if rule is None:
        rule = going_rules([workspace.pk]).get(workspace.pk, NOTHING)
    campaign = campaign_words(post) if post and not rule.does_nothing else ""
    return {
        channel.pk: going_as(
            document,
            rule,
            limits=limits.get(channel.pk),
            stand=Stand(
                workspace_id=workspace.pk,
                channel_id=channel.pk,
                platform=channel.platform,
                handle=channel.handle,
                post_id=post.pk if post else None,
                campaign=campaign,
            ),
        )
        for channel, document in documents.items()
    }


def campaign_words(post: Post) -> str:
    """Return what the post's links call its campaign, "" without one."""
    return campaign_name(post.campaign) if post.campaign else ""


def campaign_name(campaign: Campaign) -> str:
    """Return what links call a campaign, before it is made plain."""
    return campaign.utm_name or campaign.name


def going_as(
    document: Document,
    rule: GoingRule,
    *,
    limits: Limits | None,
    stand: Stand,
    codes: Mapping[tuple[int, str], str] | None = None,
) -> Going:
    """Return `document` as it goes out at `stand`.

    limits: None when nobody knows them. codes: of links whose own code another link had.
    """
    own = code_of(stand)

    def chosen(part: int, target: str) -> str:
        return (codes or {}).get((part, target)) or own(part, target)

    return going(
        document,
        rule.on_channel(stand.channel_id),
        about=stand.about(),
        code_of=chosen,
        fits=lambda text: limits is None or fits(text, limits.text),
    )


def code_of(stand: Stand, *, turn: int = 0) -> CodeOf:
    """Return the function that gives a link of `stand` its code.

    The code follows from where the link stands and leads, under this installation's key: nobody
    guesses it, and whoever asks again gets the same. turn: further ones for a code that is taken.
    """

    def code(part: int, target: str) -> str:
        words = f"{stand.workspace_id} {stand.post_id} {stand.channel_id} {part} {turn} {target}"
        digest = salted_hmac("loa.content.link", words, algorithm="sha256").digest()
        return code_from(digest)

    return code
