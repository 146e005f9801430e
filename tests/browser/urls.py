"""The site's addresses and the page of components, which is served in development only."""

from django.urls import include, path

from loa.site import urls

urlpatterns = [*urls.urlpatterns, path("_components/", include("loa.web.gallery"))]
