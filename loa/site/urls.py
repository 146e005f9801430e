"""Every address. Pages of a workspace live under /w/<slug>/ and are guarded by @requires."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

WORKSPACE_APPS = (
    "today",
    "intake",
    "plan",
    "create",
    "measure",
    "watch",
    "publish",
    "content",
    "library",
    "channels",
    "workspace",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("loa.workspace.entrance")),
    path("", include("loa.site.sign_in")),
    path("", include("loa.plan.feeds")),
    path("", include("loa.watch.entrance")),
    *(
        path("w/<slug:workspace_slug>/", include(f"loa.{app}.urls", namespace=app))
        for app in WORKSPACE_APPS
    ),
]

if settings.DEBUG:
    urlpatterns.append(path("_components/", include("loa.web.gallery")))
