"""The audit trail: who did what, and what the sign-in library tells us about people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.core.paginator import Paginator
from django.dispatch import receiver
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from loa.workspace import queries
from loa.workspace.access import LoaRequest, requires
from loa.workspace.actions import record_person
from loa.workspace.models import AuditEntry, User
from loa.workspace.wording import KIND_LABELS

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a person reads it. who: "" for the system or a stranger."""

    number: int
    at: datetime
    who: str
    words: SafeString | str


@require_GET
@requires("can_see_audit")
def show_audit(request: LoaRequest) -> HttpResponse:
    """Show who did what, newest first; filtered by member and by kind of thing."""
    member, kind = request.GET.get("member", ""), request.GET.get("kind", "")
    entries = queries.audit_entries(
        request.workspace, member_id=int(member) if member.isdigit() else None, kind=kind
    )
    page = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("page"))
    filters = QueryDict(mutable=True)
    filters.update({name: value for name, value in (("member", member), ("kind", kind)) if value})
    kinds = queries.audit_kinds(request.workspace)
    context = {
        "page": page,
        "lines": [_line(entry) for entry in page],
        "members": queries.everybody(request.workspace),
        "kinds": [(one, KIND_LABELS.get(one, one)) for one in kinds],
        "chosen": {"member": member, "kind": kind},
        "base": f"?{filters.urlencode()}&" if filters else "?",
    }
    return render(request, "workspace/audit.html", context)


def _line(entry: AuditEntry) -> Line:
    who = entry.member.user.name if entry.member else ""
    return Line(entry.number, entry.at, who, _worded(entry))


def _worded(entry: AuditEntry) -> SafeString | str:
    """Return the sentence that the app of the action keeps in templates/audit/."""
    try:
        template = get_template(f"audit/{entry.action}.html")
    except TemplateDoesNotExist:
        return entry.action  # written by another release: better its code than nothing
    detail: dict[str, Any] = entry.detail
    number = entry.subject.partition(":")[2]
    context = {"detail": detail, "subject": entry.subject, "number": number}
    return SafeString(template.render(context).strip())


@receiver(user_logged_in)
def _signed_in(user: User, **_ignored: Any) -> None:
    record_person(user, action="person.signed_in")


@receiver([password_changed, password_set])
def _password_changed(user: User, **_ignored: Any) -> None:
    record_person(user, action="person.password_changed")


@receiver(password_reset)
def _password_reset(user: User, **_ignored: Any) -> None:
    record_person(user, action="person.password_reset")


@receiver(authenticator_added)
def _second_step_added(user: User, authenticator: Any, **_ignored: Any) -> None:
    record_person(user, action="person.second_step_added", detail={"kind": authenticator.type})


@receiver(authenticator_removed)
def _second_step_removed(user: User, authenticator: Any, **_ignored: Any) -> None:
    record_person(user, action="person.second_step_removed", detail={"kind": authenticator.type})


@receiver(authenticator_reset)
def _codes_made_anew(user: User, authenticator: Any, **_ignored: Any) -> None:
    record_person(user, action="person.codes_made", detail={"kind": authenticator.type})
