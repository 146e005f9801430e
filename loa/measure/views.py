"""Fragments that show readings beside a post and on a channel's page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loa.channels.models import Channel
from loa.content.models import Post
from loa.measure import queries
from loa.measure.templatetags.figures import count
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
    followers = queries.followers(channel)
    read = _("of posts read so far: %(read)s") % {"read": result.read_count}
    return render(
        request,
        "measure/channel_result.html",
        {
            "channel": channel,
            "result": result,
            "followers": followers,
            "points": [
                {"label": date_format(day.on, "j/n"), "value": day.engagements}
                for day in result.days
            ],
            "shown": {
                "engagements": count(result.engagements),
                "reach": count(result.reach),
                "followers": count(followers.value if followers else None),
                "read": read,
            },
        },
    )
