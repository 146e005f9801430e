"""How the sign-in library behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from loa.workspace.actions import record_person
from loa.workspace.actions.keys import open_second_step, seal_second_step
from loa.workspace.models import User

# Wrong passwords for one account, from wherever they come. Far above what a person mistypes,
# so that nobody is locked out by a stranger's few guesses.
PER_ACCOUNT = {"login_failed_for_account": "60/h/key"}
# One entry of the audit trail per account and this time, however many guesses.
FAILURES_APART_S = 600


class People(DefaultAccountAdapter):
    """Signing in with a password: throttled, audited; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (the library's signature)
        """Say no: the owner link and invitations make accounts."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try against the address, the address and account, and the account."""
        super().pre_authenticate(request, **credentials)
        self._for_account = ratelimit.consume(
            request,
            app="loa.site",
            action="login_failed_for_account",
            config=PER_ACCOUNT,
            key=str(credentials.get("email", "")).lower(),
        )
        if not self._for_account:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Do not count a try that succeeded."""
        super()._rollback_login_failed_rl_usage()
        if self._for_account:
            self._for_account.rollback()

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count per address and account together, so a stranger cannot lock somebody out."""
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{ratelimit.get_ip(request)}:{account}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write wrong passwords into the trail of every workspace the person is in."""
        super().authentication_failed(request, **credentials)
        email = str(credentials.get("email", "")).lower()
        user = User.objects.filter(email=email).first()
        if user and cache.add(f"loa:failed:{user.pk}", 1, FAILURES_APART_S):
            record_person(
                user,
                action="person.sign_in_failed",
                detail={"address": self.get_client_ip(request)},
            )

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Say whether `password` is the person's, throttled like a sign-in."""
        email = user.get_username()
        found = self.authenticate(context.request, email=email, password=password)
        return found is not None and found.pk == user.pk

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset e-mail, at the address people know Loa by."""
        uid, _, token = key.partition("-")
        where = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.PUBLIC_URL}{where}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Go back to one's settings after a change."""
        return reverse("me")


class SecondSteps(DefaultMFAAdapter):
    """The second step: its secrets are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Seal what the codes are made from."""
        return seal_second_step(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return open_second_step(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name Loa to the device that keeps a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Loa"}
