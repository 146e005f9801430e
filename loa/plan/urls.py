"""Addresses of this app's pages inside a workspace."""

from django.urls import URLPattern

app_name = "plan"
urlpatterns: list[URLPattern] = []
