"""What is left of a channel's quotas, for the page of the channel."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from loa.channels.models import Channel
from loa.ops import clock
from loa.publish import queries
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_view")
def show_channel_quotas(request: LoaRequest, channel_id: int) -> HttpResponse:
    """Show how much the platform lets the channel do, and what was used of it."""
    channels = Channel.objects.in_workspace(request.workspace).select_related("workspace")
    channel = get_object_or_404(channels, pk=channel_id)
    shown = queries.quotas_shown(channel, now=clock.now())
    return render(request, "publish/channel_quotas.html", {"quotas": shown})
