"""Addresses of this app's pages inside a workspace."""

from django.urls import URLPattern

app_name = "channels"
urlpatterns: list[URLPattern] = []
