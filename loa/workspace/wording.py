"""What roles, abilities and reasons are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loa.workspace.rules.permissions import ABILITIES, Ability, Role

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
    Ability.APPROVE.value: _("Approve posts or ask for changes"),
    Ability.SETTLE.value: _("Settle what is uncertain"),
    Ability.PAUSE.value: _("Pause all sending"),
    Ability.MANAGE_CHANNELS.value: _("Connect and disconnect channels"),
    Ability.MANAGE_TEAM.value: _("Invite people and change their roles"),
    Ability.SEE_AUDIT.value: _("See who did what"),
    Ability.WATCH.value: _("See how the machine does, and set who is alerted"),
    Ability.MANAGE_WORKSPACE.value: _("Change the settings and who must approve posts"),
    Ability.RESET_PASSWORDS.value: _("Make a link for a new password"),
}

# What the audit trail speaks of: the word before the dot of an action.
KIND_LABELS: dict[str, str | Promise] = {
    "alerts": _("Alerts"),
    "access": _("Refusals"),
    "asset": _("Library"),
    "calendar": _("Calendar"),
    "channel": _("Channels"),
    "delivery": _("Deliveries"),
    "evergreen": _("Evergreen posts"),
    "import": _("Imports"),
    "invitation": _("Invitations"),
    "keys": _("Keys"),
    "member": _("Members"),
    "person": _("Sign-ins and passwords"),
    "post": _("Posts"),
    "review": _("Approvals"),
    "sending": _("All sending"),
    "series": _("Posts that repeat"),
    "source": _("Feeds"),
    "workspace": _("Workspace"),
    "links": _("Links"),
}

PAGE = """# Who may do what

Made by `loa permissions` from `loa/workspace/rules/permissions.py`; a test fails when they differ.
A page asks for one ability (`@requires("can_…")`). A member without it gets 403 and an entry in the
audit trail; somebody who is no member gets 404, as if there were no such workspace.

{table}

## What each role is for

{purposes}

## Rules beside the table

- Only an owner makes, changes or removes an owner; a workspace keeps at least one.
- Anybody may leave, except the last owner.
- A link for a new password is made only by whoever owns every workspace the person is in.
- The review rule may forbid approving one's own post, whatever the role.
"""


def permissions_page() -> str:
    """Return the permissions as a Markdown page, in the language in force."""
    head = ["ability", "what it lets one do", *(str(ROLE_LABELS[role.value]) for role in Role)]
    lines = [head, ["---"] * 2 + [":-:"] * len(Role)]
    lines += [
        [f"`{ability}`", str(label), *("✓" if ability in ABILITIES[role] else "" for role in Role)]
        for ability, label in ABILITY_LABELS.items()
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    purposes = "\n".join(
        f"- **{ROLE_LABELS[role]}**: {said}" for role, said in ROLE_PURPOSES.items()
    )
    return PAGE.format(table=table, purposes=purposes)
