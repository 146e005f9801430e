"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.measure.views import links, readings

app_name = "measure"
urlpatterns = [
    path("links/", links.show_links, name="links"),
    path("links/add/", links.add_print_link, name="add-print-link"),
    path("links/export.csv", links.export_links, name="export-links"),
    path("links/<int:link_id>/", links.show_link, name="link"),
    path("links/<int:link_id>/qr.<slug:form>", links.show_qr, name="link-qr"),
    path("posts/<int:post_id>/readings/", readings.post_readings, name="post-readings"),
    path("campaigns/<int:campaign_id>/clicks/", readings.campaign_clicks, name="campaign-clicks"),
    path("channels/<int:channel_id>/result/", readings.channel_result, name="channel-result"),
]
