"""Addresses that need no sign-in: calendar feeds under a secret link."""

from django.urls import path

from loa.plan import views

urlpatterns = [path("feeds/calendar/<str:token>.ics", views.read_feed, name="calendar-feed")]
