"""Addresses outside any workspace: the front door, the owner link, invitations, settings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
