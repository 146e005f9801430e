"""Pages of campaigns: the list, one of them, archiving."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.content.actions import campaigns as actions
from loa.content.forms import CampaignForm
from loa.content.models import Campaign
from loa.content.queries import campaigns as queries
from loa.content.rules.utm import plain
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_view")
def show_campaigns(request: LoaRequest) -> HttpResponse:
    """List the campaigns in use, or the archived ones."""
    return _list_page(request, CampaignForm())


@require_POST
@requires("can_plan")
def add_campaign(request: LoaRequest) -> HttpResponseBase:
    """Add a campaign."""
    form = CampaignForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        campaign = actions.add_campaign(workspace=request.workspace, **form.cleaned_data)
    except actions.CampaignNameTaken:
        form.add_error("name", _taken())
        return _list_page(request, form, status=HTTPStatus.CONFLICT)
    toasts.tell(request, _("“%(name)s” is there. Choose it in a post.") % {"name": campaign.name})
    return redirect("content:campaign", request.workspace.slug, campaign.pk)


@require_GET
@requires("can_view")
def show_campaign(request: LoaRequest, campaign_id: int) -> HttpResponse:
    """Show one campaign."""
    campaign = _campaign(request, campaign_id)
    initial = {name: getattr(campaign, name) for name in CampaignForm.base_fields}
    return _page(request, campaign, CampaignForm(initial=initial))


@require_POST
@requires("can_plan")
def change_campaign(request: LoaRequest, campaign_id: int) -> HttpResponseBase:
    """Rename and recolour a campaign."""
    campaign = _campaign(request, campaign_id)
    form = CampaignForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        actions.change_campaign(campaign, **form.cleaned_data)
    except actions.CampaignNameTaken:
        form.add_error("name", _taken())
        return _page(request, _campaign(request, campaign_id), form, status=HTTPStatus.CONFLICT)
    toasts.tell(request, _("Saved."))
    return redirect("content:campaign", request.workspace.slug, campaign.pk)


@require_POST
@requires("can_plan")
def archive_campaign(request: LoaRequest, campaign_id: int) -> HttpResponseBase:
    """Stop offering a campaign, with a way back."""
    campaign = _campaign(request, campaign_id)
    actions.archive_campaign(campaign)
    undo = reverse("content:restore-campaign", args=[request.workspace.slug, campaign.pk])
    words = _("“%(name)s” is archived. Its posts keep it.") % {"name": campaign.name}
    toasts.tell_with_undo(request, words, undo_url=undo)
    return redirect("content:campaigns", request.workspace.slug)


@require_POST
@requires("can_plan")
def restore_campaign(request: LoaRequest, campaign_id: int) -> HttpResponseBase:
    """Offer an archived campaign again."""
    campaign = _campaign(request, campaign_id)
    actions.restore_campaign(campaign)
    toasts.tell(request, _("“%(name)s” can be chosen again.") % {"name": campaign.name})
    return redirect("content:campaign", request.workspace.slug, campaign.pk)


def _campaign(request: LoaRequest, campaign_id: int) -> Campaign:
    return get_object_or_404(Campaign.objects.in_workspace(request.workspace), pk=campaign_id)


def _list_page(
    request: LoaRequest, form: CampaignForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    archived = request.GET.get("state") == "archived"
    found = queries.campaigns(request.workspace, archived=archived)
    here = reverse("content:campaigns", args=[request.workspace.slug])
    context = {
        "campaigns": found,
        "archived": archived,
        "choices": [
            {"label": _("In use"), "url": here, "is_here": not archived},
            {"label": _("Archived"), "url": f"{here}?state=archived", "is_here": archived},
        ],
        "form": form,
        "may_plan": request.member.may("can_plan"),
        "may_set_rule": request.member.may("can_manage_workspace"),
    }
    return render(request, "content/campaigns.html", context, status=status)


def _page(
    request: LoaRequest, campaign: Campaign, form: CampaignForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "in_links": campaign.utm_name or plain(campaign.name),
        "posts": queries.newest_posts(campaign),
        "form": form,
        "may_plan": request.member.may("can_plan"),
    }
    return render(request, "content/campaign.html", context, status=status)


def _taken() -> str:
    return _("Another campaign has this name, maybe an archived one.")
