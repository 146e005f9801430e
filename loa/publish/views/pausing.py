"""The switches that stop sending: for the whole workspace, for one channel."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from loa.channels.models import Channel
from loa.publish import actions
from loa.web.toasts import tell, tell_with_undo
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_pause")
def pause_all(request: LoaRequest) -> HttpResponse:
    """Stop everything that is not yet on its way."""
    under_way = actions.pause_all(request.workspace, by=request.member)
    words = _("Sending is paused. Nothing is lost: what falls due waits.")
    if under_way:
        left = ngettext(
            "%(count)s delivery was already on its way and is being finished.",
            "%(count)s deliveries were already on their way and are being finished.",
            under_way,
        )
        words = f"{words} {left % {'count': under_way}}"
    undo_url = reverse("publish:resume-all", args=[request.workspace.slug])
    tell_with_undo(request, words, undo_url=undo_url)
    return _back(request)


@require_POST
@requires("can_pause")
def resume_all(request: LoaRequest) -> HttpResponse:
    """Let the workspace send again."""
    actions.resume_all(request.workspace, by=request.member)
    tell(request, _("Sending goes on. What is too late by then asks you first."))
    return _back(request)


@require_POST
@requires("can_pause")
def pause_channel(request: LoaRequest, channel_id: int) -> HttpResponse:
    """Stop what waits on one channel."""
    channel = _channel(request, channel_id)
    actions.pause_channel(channel, by=request.member)
    undo_url = reverse("publish:resume-channel", args=[request.workspace.slug, channel.pk])
    words = _("%(channel)s is paused. What falls due there waits.")
    tell_with_undo(request, words % {"channel": channel}, undo_url=undo_url)
    return _back(request, channel)


@require_POST
@requires("can_pause")
def resume_channel(request: LoaRequest, channel_id: int) -> HttpResponse:
    """Let one channel send again."""
    channel = _channel(request, channel_id)
    actions.resume_channel(channel, by=request.member)
    tell(request, _("%(channel)s sends again.") % {"channel": channel})
    return _back(request, channel)


def _channel(request: LoaRequest, channel_id: int) -> Channel:
    channels = Channel.objects.in_workspace(request.workspace).select_related("workspace")
    return get_object_or_404(channels, pk=channel_id)


def _back(request: LoaRequest, channel: Channel | None = None) -> HttpResponse:
    """Return to the page the switch stood on; without one, to where it always stands."""
    came_from = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts=None):
        return redirect(came_from)
    if channel is not None:
        return redirect("channels:channel", request.workspace.slug, channel.pk)
    return redirect("publish:deliveries", request.workspace.slug)
