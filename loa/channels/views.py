"""Pages of channels: the list, connecting through a form or the browser, testing, ending."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.channels import actions, queries, wording
from loa.channels.forms import ConnectForm, PracticeForm, handle_from
from loa.channels.models import Channel
from loa.connectors.contract import Connector
from loa.connectors.errors import ChannelLost, ConnectorError
from loa.connectors.registry import all_connectors
from loa.ops import clock
from loa.workspace.access import LoaRequest, requires

UNDER_WAY = "grant_under_way"


@require_GET
@requires("can_view")
def show_channels(request: LoaRequest) -> HttpResponse:
    """List the workspace's channels, and the platforms that can be connected."""
    return render(
        request,
        "channels/channels.html",
        {
            "cards": queries.cards(request.workspace, now=clock.now()),
            "platforms": queries.platforms_to_connect(),
            "may_manage": request.member.may("can_manage_channels"),
        },
    )


@require_GET
@requires("can_view")
def show_channel(request: LoaRequest, channel_id: int) -> HttpResponse:
    """Show one channel: its health, its limits as the platform gave them, its results."""
    channel = _channel(request, channel_id)
    return render(
        request,
        "channels/channel.html",
        {
            "card": queries.card(channel, now=clock.now()),
            "may_manage": request.member.may("can_manage_channels"),
            "may_pause": request.member.may("can_pause"),
        },
    )


@require_http_methods(["GET", "POST"])
@requires("can_manage_channels")
def connect_channel(request: LoaRequest, platform: str) -> HttpResponseBase:
    """Ask for what the platform needs, then connect or send the browser to its own page."""
    connector = _connector(platform)
    if request.method == "GET":
        initial = {"base_url": settings.PRACTICE_URL} if connector.practice else None
        return _connect_page(request, connector, ConnectForm(connector, initial=initial))
    form = ConnectForm(connector, request.POST.dict())
    if not form.is_valid():
        return _connect_page(request, connector, form, status=422)
    try:
        if connector.oauth:
            started = actions.start_grant(
                request.workspace,
                platform=platform,
                values=form.values(),
                redirect_uri=_redirect_uri(request),
            )
            request.session[UNDER_WAY] = started.kept
            return redirect(started.authorize_url)
        channel = actions.connect_with_form(
            request.workspace, platform=platform, values=form.values(), by=request.member
        )
    except actions.CannotConnect as refusal:
        form.add_error(None, wording.refusal(refusal.code))
        return _connect_page(request, connector, form, status=422)
    return _connected(request, channel)


@require_POST
@requires("can_manage_channels")
def open_practice_channel(request: LoaRequest, platform: str) -> HttpResponseBase:
    """Open an account on a place to rehearse, and connect it."""
    connector = _connector(platform)
    if connector.practice is None:
        raise Http404
    form = PracticeForm(request.POST)
    connect_form = ConnectForm(connector, initial={"base_url": settings.PRACTICE_URL})
    if not form.is_valid():
        return _connect_page(request, connector, connect_form, practice=form, status=422)
    name = form.cleaned_data["name"]
    try:
        channel = actions.open_practice_channel(
            request.workspace,
            platform=platform,
            base_url=settings.PRACTICE_URL,
            handle=handle_from(name),
            name=name,
            by=request.member,
        )
    except actions.CannotConnect as refusal:
        form.add_error(None, wording.refusal(refusal.code))
        return _connect_page(request, connector, connect_form, practice=form, status=422)
    return _connected(request, channel)


@require_GET
@requires("can_manage_channels")
def finish_grant(request: LoaRequest) -> HttpResponseBase:
    """Take the browser back from the platform, with its code or its refusal."""
    kept = request.session.pop(UNDER_WAY, None)
    if "error" in request.GET:
        messages.warning(request, _("The platform says that access was not granted."))
        return redirect("channels:channels", workspace_slug=request.workspace.slug)
    try:
        channel = actions.finish_grant(
            request.workspace,
            kept=kept,
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            by=request.member,
        )
    except actions.CannotConnect as refusal:
        messages.error(request, wording.refusal(refusal.code))
        return redirect("channels:channels", workspace_slug=request.workspace.slug)
    return _connected(request, channel)


@require_POST
@requires("can_manage_channels")
def check_channel(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Ask the platform now whether the channel works."""
    channel = _channel(request, channel_id)
    try:
        actions.check_channel(channel)
    except ChannelLost as lost:
        messages.error(request, wording.refusal(lost.code))
    except ConnectorError as error:
        messages.warning(request, wording.refusal(error.code))
    else:
        messages.success(request, _("%(name)s answers and may be used.") % {"name": channel.name})
    return redirect(
        "channels:channel", workspace_slug=request.workspace.slug, channel_id=channel.pk
    )


@require_POST
@requires("can_manage_channels")
def disconnect_channel(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Give the grant back. Posts and readings stay."""
    channel = _channel(request, channel_id)
    actions.disconnect_channel(channel, by=request.member)
    messages.success(
        request,
        _("%(name)s is disconnected. Its posts and figures stay; what was planned waits.")
        % {"name": channel.name},
    )
    return redirect("channels:channels", workspace_slug=request.workspace.slug)


def _connected(request: LoaRequest, channel: Channel) -> HttpResponseBase:
    messages.success(request, _("%(name)s is connected.") % {"name": channel.name})
    return redirect(
        "channels:channel", workspace_slug=request.workspace.slug, channel_id=channel.pk
    )


def _connect_page(
    request: LoaRequest,
    connector: Connector,
    form: ConnectForm,
    *,
    practice: PracticeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if practice is None and connector.practice:
        practice = PracticeForm(initial={"name": request.workspace.name})
    return render(
        request,
        "channels/connect.html",
        {
            "connector": connector,
            "form": form,
            "practice": practice,
            "help": wording.help_page(connector.name, request.user.language),
        },
        status=status,
    )


def _redirect_uri(request: LoaRequest) -> str:
    path = reverse("channels:finish-grant", kwargs={"workspace_slug": request.workspace.slug})
    return f"{settings.PUBLIC_URL}{path}"


def _connector(platform: str) -> Connector:
    try:
        return all_connectors()[platform]
    except KeyError:
        raise Http404 from None


def _channel(request: LoaRequest, channel_id: int) -> Channel:
    return get_object_or_404(queries.channels(request.workspace), pk=channel_id)
