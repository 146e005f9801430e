"""The figures for a monitor, in the format of Prometheus."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from loa.ops import clock, fence
from loa.watch.queries import metrics


@never_cache
@require_GET
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever knows the token; to everybody else there is no such page."""
    # Only whoever asks pays for the library: at rest a process does without it.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest  # noqa: PLC0415

    if not _is_let_in(request):
        raise Http404
    with fence.everywhere("count for a monitor"):
        found = metrics.families(clock.now())
    registry = CollectorRegistry(auto_describe=False)
    registry.register(metrics.Kept(found))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_let_in(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), expected.encode())
