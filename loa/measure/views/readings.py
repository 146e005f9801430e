"""Fragments that show readings beside a post and on a channel's page."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loa.channels.models import Channel
from loa.content.models import Campaign, Post
from loa.measure import queries
from loa.measure.queries.links import Clicks, clicks_of_campaign
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
    clicks = result.link_clicks
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
                "link_clicks": count(clicks.clicks),
                "links_since": _since(clicks, result.days[0].on),
            },
        },
    )


@require_GET
@requires("can_see_readings")
def campaign_clicks(request: LoaRequest, campaign_id: int) -> HttpResponse:
    """Show how often people followed the links of a campaign."""
    campaign = get_object_or_404(
        Campaign.objects.in_workspace(request.workspace).select_related("workspace"),
        pk=campaign_id,
    )
    clicks = clicks_of_campaign(campaign)
    shown = {"clicks": count(clicks.clicks), "visitors": count(clicks.visitors)}
    context = {"campaign": campaign, "clicks": clicks, "shown": shown}
    return render(request, "measure/campaign_clicks.html", context)


def _since(clicks: Clicks, first: date) -> str:
    """Say when counting began, where that was inside the days that are shown."""
    if clicks.since is None or timezone.localdate(clicks.since) <= first:
        return ""
    return _("counted since %(day)s") % {
        "day": date_format(timezone.localtime(clicks.since), "j/n")
    }
