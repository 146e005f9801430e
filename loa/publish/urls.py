"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.publish import views

app_name = "publish"
urlpatterns = [
    path("deliveries/", views.show_deliveries, name="deliveries"),
    path("deliveries/export/", views.export_deliveries, name="export-deliveries"),
    path("deliveries/late/", views.show_lateness, name="lateness"),
    path("deliveries/pause/", views.pause_all, name="pause-all"),
    path("deliveries/resume/", views.resume_all, name="resume-all"),
    path("deliveries/<int:delivery_id>/", views.show_delivery, name="delivery"),
    path("deliveries/<int:delivery_id>/live/", views.settle_as_live, name="settle-as-live"),
    path(
        "deliveries/<int:delivery_id>/not-live/",
        views.settle_as_not_live,
        name="settle-as-not-live",
    ),
    path("deliveries/<int:delivery_id>/retry/", views.retry_failed, name="retry-failed"),
    path("deliveries/<int:delivery_id>/leave/", views.leave_failed, name="leave-failed"),
    path("deliveries/<int:delivery_id>/cancel/", views.cancel_delivery, name="cancel-delivery"),
    path("deliveries/<int:delivery_id>/edit/", views.edit_live, name="edit-live"),
    path("deliveries/<int:delivery_id>/take-down/", views.remove_live, name="remove-live"),
    path(
        "deliveries/<int:delivery_id>/approve-change/", views.approve_change, name="approve-change"
    ),
    path(
        "deliveries/<int:delivery_id>/withdraw-change/",
        views.withdraw_change,
        name="withdraw-change",
    ),
    path("posts/<int:post_id>/deliveries/", views.show_post_deliveries, name="post-deliveries"),
    path("channels/<int:channel_id>/quotas/", views.show_channel_quotas, name="channel-quotas"),
    path("channels/<int:channel_id>/pause/", views.pause_channel, name="pause-channel"),
    path("channels/<int:channel_id>/resume/", views.resume_channel, name="resume-channel"),
]
