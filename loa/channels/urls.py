"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.channels import views

app_name = "channels"
urlpatterns = [
    path("channels/", views.show_channels, name="channels"),
    path("channels/connect/<slug:platform>/", views.connect_channel, name="connect-channel"),
    path(
        "channels/connect/<slug:platform>/practice/",
        views.open_practice_channel,
        name="open-practice-channel",
    ),
    path("channels/granted/", views.finish_grant, name="finish-grant"),
    path("channels/<int:channel_id>/", views.show_channel, name="channel"),
    path("channels/<int:channel_id>/check/", views.check_channel, name="check-channel"),
    path(
        "channels/<int:channel_id>/disconnect/",
        views.disconnect_channel,
        name="disconnect-channel",
    ),
]
