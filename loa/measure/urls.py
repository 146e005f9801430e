"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.measure.views import readings

app_name = "measure"
urlpatterns = [
    path("posts/<int:post_id>/readings/", readings.post_readings, name="post-readings"),
    path("campaigns/<int:campaign_id>/clicks/", readings.campaign_clicks, name="campaign-clicks"),
    path("channels/<int:channel_id>/result/", readings.channel_result, name="channel-result"),
]
