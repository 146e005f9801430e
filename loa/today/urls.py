"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.today import views

app_name = "today"
urlpatterns = [
    path("today/", views.show_today, name="today"),
    path("today/on-air/", views.show_on_air, name="on-air"),
    path("today/needs/", views.show_needs, name="needs"),
    path("go/", views.go, name="go"),
]
