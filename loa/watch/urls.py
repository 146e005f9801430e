"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.watch import views

app_name = "watch"
urlpatterns = [
    path("health/", views.show_health, name="health"),
    path("alerts/", views.show_alerts, name="alerts"),
    path("alerts/rules/", views.change_rules, name="change-alert-rules"),
    path("alerts/add/<slug:destination_kind>/", views.add_destination, name="add-destination"),
    path(
        "alerts/destinations/<int:destination_id>/test/",
        views.test_destination,
        name="test-destination",
    ),
    path(
        "alerts/destinations/<int:destination_id>/switch/",
        views.switch_destination,
        name="switch-destination",
    ),
    path(
        "alerts/destinations/<int:destination_id>/remove/",
        views.remove_destination,
        name="remove-destination",
    ),
]
