"""Addresses that need no sign-in: calendar feeds under a secret link."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
