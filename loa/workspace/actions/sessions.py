"""End sessions; open a way back in for somebody who forgot their password."""

from dataclasses import dataclass, field

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from loa.kernel.errors import LoaError
from loa.ops import fence
from loa.workspace.actions.audit import record_audit, record_person
from loa.workspace.models import Member, User
from loa.workspace.rules.permissions import Ability, Role


class CannotReset(LoaError):
    """Only whoever owns every workspace the person is in may open a way back in for them."""


@dataclass(frozen=True, slots=True)
class ResetLink:
    """The parts of a link that lets one person choose a new password, once, within a day."""

    user: User
    uid: str
    key: str = field(repr=False)


def end_session(user: User, *, session_id: int, current_key: str | None) -> bool:
    """Sign the person out of one other place; False when there is no such session of theirs."""
    found = UserSession.objects.filter(user_id=user.pk, pk=session_id)
    session = found.exclude(session_key=current_key or "").first()
    if session is None:
        return False
    session.end()
    record_person(user, action="person.session_ended", detail={"count": 1})
    return True


def end_other_sessions(user: User, *, current_key: str | None) -> int:
    """Sign the person out everywhere but here; return of how many places."""
    others = list(
        UserSession.objects.filter(user_id=user.pk).exclude(session_key=current_key or "")
    )
    for session in others:
        session.end()
    if others:
        record_person(user, action="person.session_ended", detail={"count": len(others)})
    return len(others)


def end_all_sessions(user: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()


def make_reset_link(member: Member, *, by: Member) -> ResetLink:
    """Return a link by which `member` can choose a new password; their second step stays.

    The link opens the person's whole account, so `by` must own every workspace the person is
    in, the demo aside. Raises CannotReset.
    """
    if not by.may(Ability.RESET_PASSWORDS) or member.user_id == by.user_id:
        raise CannotReset
    with fence.everywhere("see where a person is a member"):
        theirs = Member.objects.filter(user_id=member.user_id, left_at=None)
        owned = Member.objects.filter(user_id=by.user_id, left_at=None, role=Role.OWNER)
        elsewhere = theirs.filter(workspace__is_demo=False).exclude(
            workspace_id__in=owned.values("workspace_id")
        )
        if elsewhere.exists():
            raise CannotReset
    link = reset_link_for(member.user)
    record_audit(
        member.workspace,
        member=by,
        action="member.reset_link_made",
        subject=f"member:{member.pk}",
        detail={"name": str(member.user)},
    )
    return link


def reset_link_for(user: User) -> ResetLink:
    """Return a link by which the person can choose a new password.

    Signing in, changing the password or a newer password ends it.
    """
    return ResetLink(user, user_pk_to_url_str(user), default_token_generator.make_token(user))


def remove_second_step(user: User) -> int:
    """Take away a person's second step, for whoever lost it; return how many parts it had."""
    count, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    if count:
        record_person(user, action="person.second_step_removed")
    return count
