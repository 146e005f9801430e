"""Where a command works and in whose name, as it is typed on the command line."""

from django.core.management.base import CommandError

from loa.workspace.models import Member, Workspace
from loa.workspace.queries import team
from loa.workspace.rules.permissions import Ability, Role


def workspace_called(slug: str) -> Workspace:
    """Return the workspace with that short name, or say that there is none. Outside any fence."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        raise CommandError(f"There is no workspace called {slug}.")
    return workspace


def member_called(workspace: Workspace, email: str | None, *, ability: Ability) -> Member:
    """Return the member in whose name the command works; the longest owner without `email`."""
    members = team(workspace)
    found = (
        members.filter(user__email__iexact=email) if email else members.filter(role=Role.OWNER)
    ).order_by("joined_at", "pk")
    member = found.first()
    if member is None:
        raise CommandError(f"Nobody called {email or 'owner'} is a member of {workspace.slug}.")
    if not member.may(ability):
        raise CommandError(f"{member.user.email} may not do that in {workspace.slug}.")
    return member
