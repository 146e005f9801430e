"""Addresses that need no sign-in: the figures for a monitor, behind a token."""

from django.urls import path

from loa.watch.views import metrics

urlpatterns = [path("metrics", metrics.show_metrics, name="metrics")]
