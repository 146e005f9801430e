"""People and their home: user, workspace, member, invitation, audit entry."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from loa.ops.models import FencedQuerySet
from loa.workspace.rules.permissions import Role, may


def role_choices() -> list[tuple[str, str]]:
    """Return the roles; a function, so that a new role never writes a migration."""
    return [(role.value, role.value) for role in Role]


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who can sign in with `email` and `password`."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by address."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who can sign in. What they may do depends on where they are a member."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(max_length=8, db_default="vi", default="vi")
    theme = models.CharField(max_length=8, blank=True, db_default="", default="")
    is_active = models.BooleanField(db_default=True, default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """One team's home: its channels, members and data.

    data_key, audit_key: wrapped by a master key, see actions.keys. is_demo: made by `loa demo`.
    zone_rules: the version of the time zones by which its planned times were computed last.
    sends_late_within_s: a missed post goes out by itself up to here; later a person is asked.
    """

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=64, db_default="Asia/Ho_Chi_Minh")
    language = models.CharField(max_length=8, db_default="vi")
    currency = models.CharField(max_length=3, db_default="VND")
    data_key = models.TextField(db_default="")
    audit_key = models.TextField(db_default="")
    is_demo = models.BooleanField(db_default=False, default=False)
    sends_late_within_s = models.PositiveIntegerField(db_default=3600, default=3600)
    zone_rules = models.CharField(max_length=32, blank=True, db_default="", default="")
    sending_paused_at = models.DateTimeField(null=True, blank=True)
    sending_paused_by = models.ForeignKey(
        "workspace.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def sends_late_within(self) -> timedelta:
        """How late a missed post still goes out by itself."""
        return timedelta(seconds=self.sends_late_within_s)


class Member(models.Model):
    """A user in a workspace, with a role. Kept when they leave, for what they did here."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=role_choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Member"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"], name="a_user_is_a_member_of_a_workspace_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def may(self, ability: str) -> bool:
        """Say whether this member has `ability` here, today."""
        return self.left_at is None and may(self.role, ability)


class Invitation(models.Model):
    """A link that lets one person join. Only the hash of its token is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True, db_default="")
    role = models.CharField(max_length=16, choices=role_choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Invitation"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="an_accepted_invitation_is_not_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.email or self.role


class OwnerLink(models.Model):
    """The one-time link that makes the first owner of an installation."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"owner link of {self.created_at:%F %T}"


class AuditEntry(models.Model):
    """One thing that somebody did. Append-only and chained: each entry seals the one before."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, db_default="")
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = FencedQuerySet["AuditEntry"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="audit_entries_are_numbered_without_a_gap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"
