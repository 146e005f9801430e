"""What can be done about people and their workspace; one module per subject."""

from loa.workspace.actions.audit import record_audit
from loa.workspace.actions.founding import (
    NewWorkspace,
    OwnerLinkGone,
    UnknownCurrency,
    UnknownTimeZone,
    create_workspace,
    make_owner_link,
    use_owner_link,
    why_owner_link_is_gone,
)
from loa.workspace.actions.keys import data_key, open_for, seal_for
from loa.workspace.actions.people import (
    EmailTaken,
    NewPerson,
    UnknownLanguage,
    UnknownTheme,
    change_person,
    create_person,
)
from loa.workspace.actions.team import (
    AlreadyMember,
    InvitationGone,
    LastOwner,
    MeantForAnother,
    NewInvitation,
    NotAllowed,
    accept_invitation,
    change_role,
    find_invitation,
    invite_member,
    remove_member,
    withdraw_invitation,
)

__all__ = [
    "AlreadyMember",
    "EmailTaken",
    "InvitationGone",
    "LastOwner",
    "MeantForAnother",
    "NewInvitation",
    "NewPerson",
    "NewWorkspace",
    "NotAllowed",
    "OwnerLinkGone",
    "UnknownCurrency",
    "UnknownLanguage",
    "UnknownTheme",
    "UnknownTimeZone",
    "accept_invitation",
    "change_person",
    "change_role",
    "create_person",
    "create_workspace",
    "data_key",
    "find_invitation",
    "invite_member",
    "make_owner_link",
    "open_for",
    "record_audit",
    "remove_member",
    "seal_for",
    "use_owner_link",
    "why_owner_link_is_gone",
    "withdraw_invitation",
]
