"""Addresses of the sign-in library: only those we show, under our own names of places."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second-step/", second_step.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/switched-off/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    # It is really you: asked again before anything about signing in is changed.
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(
        "password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"
    ),
    path(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/first/", account.password_set, name="account_set_password"),
    path("me/second-step/", second_step.index, name="mfa_index"),
    path("me/second-step/app/", app.activate_totp, name="mfa_activate_totp"),
    path("me/second-step/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "me/second-step/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "me/second-step/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("me/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("me/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("me/passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
