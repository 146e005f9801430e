"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.measure import views

app_name = "measure"
urlpatterns = [
    path("posts/<int:post_id>/readings/", views.post_readings, name="post-readings"),
    path("channels/<int:channel_id>/result/", views.channel_result, name="channel-result"),
]
