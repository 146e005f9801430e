"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.workspace.views import settings, team, trail

app_name = "workspace"
urlpatterns = [
    path("team/", team.show_team, name="team"),
    path("team/roles/", team.show_roles, name="roles"),
    path("team/invite/", team.invite_member, name="invite-member"),
    path(
        "team/invitations/<int:invitation_id>/withdraw/",
        team.withdraw_invitation,
        name="withdraw-invitation",
    ),
    path("team/<int:member_id>/role/", team.change_role, name="change-role"),
    path("team/<int:member_id>/remove/", team.remove_member, name="remove-member"),
    path("team/<int:member_id>/restore/", team.restore_member, name="restore-member"),
    path("team/<int:member_id>/reset-link/", team.make_reset_link, name="make-reset-link"),
    path("team/leave/", team.leave_workspace, name="leave"),
    path("settings/", settings.show_settings, name="settings"),
    path("settings/change/", settings.change_settings, name="change-settings"),
    path("audit/", trail.show_audit, name="audit"),
]
