"""Addresses outside any workspace: the front door, the owner link, invitations, one's settings."""

from django.urls import path

from loa.workspace.views import front, joining, person

urlpatterns = [
    path("", front.front_door, name="front-door"),
    path("workspaces/", front.show_workspaces, name="workspaces"),
    path("workspaces/new/", front.found_workspace, name="found-workspace"),
    path("welcome/<str:token>/", joining.welcome, name="welcome"),
    path("join/<str:token>/", joining.join, name="join"),
    path("password/forgotten/", joining.forgot_password, name="account_reset_password"),
    path("me/", person.show_person, name="me"),
    path("me/sessions/", person.show_sessions, name="sessions"),
    path("me/sessions/end/", person.end_other_sessions, name="end-other-sessions"),
    path("me/sessions/<int:session_id>/end/", person.end_session, name="end-session"),
    path("language/", person.choose_language, name="choose-language"),
    path("theme/", person.choose_theme, name="choose-theme"),
]
