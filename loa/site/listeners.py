"""Who may listen to a workspace's live news: members, while their session lasts."""

from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie

from loa.ops import clock, fence
from loa.ops.live.hub import Admission
from loa.workspace.access import member_of
from loa.workspace.models import Member, User


class Proof(NamedTuple):
    """What must still be true: the membership, and the password the session was opened with."""

    user_id: int
    password_mark: str


def admit(headers: dict[str, str], slug: str) -> Admission | None:
    """Return the right of the request's session to hear of workspace `slug`, None without one."""
    key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User):
        return None
    member = member_of(user, slug)
    if member is None:
        return None
    proof = Proof(user.pk, request.session.get(HASH_SESSION_KEY, ""))
    return Admission(member.workspace_id, key, proof)


def still_admitted(admissions: Collection[Admission]) -> set[Admission]:
    """Return the admissions whose session, password and membership are as they were.

    Three queries, whatever the number of open pages.
    """
    proofs = {admission: admission.proof for admission in admissions}
    user_ids = {proof.user_id for proof in proofs.values() if isinstance(proof, Proof)}
    sessions = set(
        Session.objects.filter(
            session_key__in={admission.session for admission in admissions},
            expire_date__gt=clock.now(),
        ).values_list("session_key", flat=True)
    )
    marks = {
        user.pk: user.get_session_auth_hash()
        for user in User.objects.filter(pk__in=user_ids, is_active=True)
    }
    with fence.everywhere("recheck who listens"):
        members = set(
            Member.objects.filter(user_id__in=user_ids, left_at=None).values_list(
                "user_id", "workspace_id"
            )
        )
    return {
        admission
        for admission, proof in proofs.items()
        if isinstance(proof, Proof)
        and admission.session in sessions
        and marks.get(proof.user_id) == proof.password_mark
        and (proof.user_id, admission.workspace_id) in members
    }
