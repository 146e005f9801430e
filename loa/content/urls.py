"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.content.views import campaigns, link_rule

app_name = "content"
urlpatterns = [
    path("campaigns/", campaigns.show_campaigns, name="campaigns"),
    path("campaigns/add/", campaigns.add_campaign, name="add-campaign"),
    path("campaigns/<int:campaign_id>/", campaigns.show_campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/change/", campaigns.change_campaign, name="change-campaign"),
    path(
        "campaigns/<int:campaign_id>/archive/", campaigns.archive_campaign, name="archive-campaign"
    ),
    path(
        "campaigns/<int:campaign_id>/restore/", campaigns.restore_campaign, name="restore-campaign"
    ),
    path("settings/links/", link_rule.show_link_rule, name="link-rule"),
]
