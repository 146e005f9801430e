"""Found a workspace; make the first owner of an installation."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, connection, transaction

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, fence
from loa.workspace import queries
from loa.workspace.actions.audit import record_audit
from loa.workspace.actions.keys import fresh_keys
from loa.workspace.actions.people import NewPerson, create_person
from loa.workspace.models import Member, OwnerLink, User, Workspace
from loa.workspace.rules import links
from loa.workspace.rules.currencies import CURRENCIES
from loa.workspace.rules.links import Gone
from loa.workspace.rules.permissions import Role
from loa.workspace.rules.slugs import numbered, slug_of

MOST_NAMESAKES = 1000


class UnknownTimeZone(LoaError):
    """There is no such time zone."""


class UnknownCurrency(LoaError):
    """There is no such currency."""


class OwnerLinkGone(LoaError):
    """The link makes no owner. `why` says what happened to it."""

    def __init__(self, why: Gone) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """What a person says about a workspace when they found it."""

    name: str
    time_zone: str = "Asia/Ho_Chi_Minh"
    language: str = "vi"
    currency: str = "VND"


def create_workspace(
    name: str,
    *,
    owner: User,
    time_zone: str = "Asia/Ho_Chi_Minh",
    language: str = "vi",
    currency: str = "VND",
    is_demo: bool = False,
) -> Workspace:
    """Found a workspace with keys of its own; `owner` is its first member.

    Raises UnknownTimeZone, UnknownCurrency. The installation's owner joins a demo.
    """
    check_time_zone(time_zone)
    check_currency(currency)
    with fence.everywhere("found a workspace"):
        workspace = Workspace(
            name=normalise(name).strip(),
            time_zone=time_zone,
            language=language,
            currency=currency,
            is_demo=is_demo,
            created_at=clock.now(),
        )
        _save_under_free_slug(workspace)
        fresh_keys(workspace)
        workspace.save(update_fields=["data_key", "audit_key"])
        member = _join(workspace, owner)
        record_audit(
            workspace,
            member=member,
            action="workspace.created",
            subject=f"workspace:{workspace.pk}",
            detail={"name": workspace.name, "time_zone": time_zone},
        )
        first = queries.first_owner() if is_demo else None
        if first and first != owner:
            _join_demo(first, workspace)
    return workspace


def make_owner_link() -> str | None:
    """Return the token of a fresh link that makes the first owner; None when there is one.

    Links made earlier and not used stop working: the newest is the one that was printed last.
    """
    with fence.everywhere("see whether the installation has an owner"):
        _one_at_a_time()
        if queries.first_owner():
            return None
        OwnerLink.objects.filter(used_at=None).delete()
        token = links.new_token()
        OwnerLink.objects.create(token_hash=links.token_hash(token), created_at=clock.now())
        return token


def join_demos() -> None:
    """Let the installation's owner join every demo. Nothing happens before there is one.

    For a demo whose making took so long that its owner came meanwhile.
    """
    with fence.everywhere("let the owner join the demo"):
        _one_at_a_time()
        first = queries.first_owner()
        if first:
            for demo in Workspace.objects.filter(is_demo=True).order_by("pk"):
                _join_demo(first, demo)


def why_owner_link_is_gone(token: str) -> Gone | None:
    """Say why the link opens nothing; None when it still makes an owner."""
    link = OwnerLink.objects.filter(token_hash=links.token_hash(token)).first()
    return _why_gone(link, clock.now())


def use_owner_link(token: str, *, person: NewPerson, workspace: NewWorkspace) -> Member:
    """Make the installation's first owner and their workspace, once, however many race.

    They join the demo workspace too. Raises OwnerLinkGone, EmailTaken, and what
    create_workspace raises; then nothing is made and the link still works.
    """
    with fence.everywhere("make the first owner"):
        _one_at_a_time()
        link = (
            OwnerLink.objects.select_for_update().filter(token_hash=links.token_hash(token)).first()
        )
        why = _why_gone(link, clock.now())
        if link is None or why:
            raise OwnerLinkGone(why or Gone.UNKNOWN)
        if queries.first_owner():
            raise OwnerLinkGone(Gone.USED)
        user = create_person(person)
        link.used_at, link.used_by = clock.now(), user
        link.save(update_fields=["used_at", "used_by"])
        made = create_workspace(
            workspace.name,
            owner=user,
            time_zone=workspace.time_zone,
            language=workspace.language,
            currency=workspace.currency,
        )
        for demo in Workspace.objects.filter(is_demo=True).order_by("pk"):
            _join_demo(user, demo)
        return Member.objects.in_workspace(made).select_related("workspace", "user").get(user=user)


def check_time_zone(name: str) -> None:
    """Raise UnknownTimeZone unless `name` is a zone of the IANA database."""
    if name not in available_timezones():
        raise UnknownTimeZone(name)


def check_currency(code: str) -> None:
    """Raise UnknownCurrency unless `code` is one we count in."""
    if code not in CURRENCIES:
        raise UnknownCurrency(code)


def _why_gone(link: OwnerLink | None, now: datetime) -> Gone | None:
    if link is None:
        return Gone.UNKNOWN
    return links.why_gone(
        expires_at=link.created_at + links.OWNER_LINK_LIVES,
        used_at=link.used_at,
        withdrawn_at=None,
        now=now,
    )


def _one_at_a_time() -> None:
    """Let one transaction at a time decide who is the first owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loa.first_owner', 0))")


def _save_under_free_slug(workspace: Workspace) -> None:
    slug = slug_of(workspace.name)
    for number in range(1, MOST_NAMESAKES):
        workspace.slug = numbered(slug, number)
        if Workspace.objects.filter(slug=workspace.slug).exists():
            continue
        try:
            with transaction.atomic():
                workspace.save(force_insert=True)
        except IntegrityError:  # somebody took it a moment ago
            workspace.pk = None
            continue
        return
    raise RuntimeError(f"{MOST_NAMESAKES} workspaces are called {slug!r}")


def _join(workspace: Workspace, user: User) -> Member:
    return Member.objects.create(
        workspace=workspace, user=user, role=Role.OWNER, joined_at=clock.now()
    )


def _join_demo(user: User, demo: Workspace) -> None:
    member, is_new = Member.objects.get_or_create(
        workspace=demo, user=user, defaults={"role": Role.OWNER, "joined_at": clock.now()}
    )
    if is_new:
        record_audit(
            demo,
            member=member,
            action="member.joined",
            subject=f"member:{member.pk}",
            detail={"role": Role.OWNER.value},
        )
