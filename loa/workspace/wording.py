"""What roles, abilities and reasons are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loa.workspace.rules.permissions import Ability, Role

ROLE_LABELS: dict[str, str | Promise] = {
    Role.OWNER.value: _("Owner"),
    Role.MANAGER.value: _("Manager"),
    Role.EDITOR.value: _("Editor"),
    Role.APPROVER.value: _("Approver"),
    Role.ANALYST.value: _("Analyst"),
    Role.RESPONDER.value: _("Responder"),
    Role.VIEWER.value: _("Viewer"),
}

ROLE_PURPOSES: dict[str, str | Promise] = {
    Role.OWNER.value: _("Answers for everything, the workspace itself included."),
    Role.MANAGER.value: _("Runs the channels and the team from day to day."),
    Role.EDITOR.value: _("Writes, plans and schedules posts."),
    Role.APPROVER.value: _("Reads posts and approves them; often a client or a boss."),
    Role.ANALYST.value: _("Reads the figures."),
    Role.RESPONDER.value: _("Answers people who write to the brand."),
    Role.VIEWER.value: _("Looks, and changes nothing."),
}

ABILITY_LABELS: dict[str, str | Promise] = {
    Ability.VIEW.value: _("See posts, plans and channels"),
    Ability.SEE_READINGS.value: _("See the figures"),
    Ability.COMPOSE.value: _("Write and change posts"),
    Ability.COMMENT.value: _("Leave notes on posts"),
    Ability.SCHEDULE.value: _("Schedule posts and cancel them"),
    Ability.PLAN.value: _("Change slots, queues and campaigns"),
    Ability.APPROVE.value: _("Approve posts and set the review rule"),
    Ability.SETTLE.value: _("Settle what is uncertain"),
    Ability.PAUSE.value: _("Pause all sending"),
    Ability.MANAGE_CHANNELS.value: _("Connect and disconnect channels"),
    Ability.MANAGE_TEAM.value: _("Invite people and change their roles"),
    Ability.SEE_AUDIT.value: _("See who did what"),
    Ability.MANAGE_WORKSPACE.value: _("Change the workspace's settings"),
    Ability.RESET_PASSWORDS.value: _("Make a link for a new password"),
}

# What the audit trail speaks of: the word before the dot of an action.
KIND_LABELS: dict[str, str | Promise] = {
    "access": _("Refusals"),
    "channel": _("Channels"),
    "delivery": _("Deliveries"),
    "invitation": _("Invitations"),
    "keys": _("Keys"),
    "member": _("Members"),
    "person": _("Sign-ins and passwords"),
    "post": _("Posts"),
    "review": _("Approvals"),
    "sending": _("All sending"),
    "workspace": _("Workspace"),
}
