"""Fragments that show readings beside a post and on a channel's page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from loa.channels.models import Channel
from loa.content.models import Post
from loa.measure import queries
from loa.ops import clock
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_see_readings")
def post_readings(request: LoaRequest, post_id: int) -> HttpResponse:
    """Show the latest counts of a post, one row per delivered variant."""
    post = get_object_or_404(
        Post.objects.in_workspace(request.workspace).select_related("workspace"), pk=post_id
    )
    return render(request, "measure/post_readings.html", {"counts": queries.counts_of_post(post)})


@require_GET
@requires("can_see_readings")
def channel_result(request: LoaRequest, channel_id: int) -> HttpResponse:
    """Show how a channel's posts of the last four weeks did."""
    channel = get_object_or_404(
        Channel.objects.in_workspace(request.workspace).select_related("workspace"), pk=channel_id
    )
    result = queries.channel_result(channel, until=clock.now())
    return render(request, "measure/channel_result.html", {"channel": channel, "result": result})
