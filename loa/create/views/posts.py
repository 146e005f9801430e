"""The list of posts, and what is done to whole posts."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.channels.models import Channel
from loa.content.models import Campaign
from loa.create import actions, wording
from loa.create.queries.lists import STATES, listed, rows_of
from loa.create.views.composer import find_post
from loa.library.models import Asset
from loa.publish import actions as publish
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires

PER_PAGE = 30


@require_GET
@requires("can_view")
def show_posts(request: LoaRequest) -> HttpResponse:
    """List posts, by state, channel, campaign and words."""
    asked = {
        "state": request.GET.get("state", ""),
        "channel": request.GET.get("channel", ""),
        "campaign": request.GET.get("campaign", ""),
        "words": request.GET.get("words", "").strip(),
    }
    posts = listed(
        request.workspace,
        state=asked["state"] if asked["state"] in STATES else "",
        channel_id=int(asked["channel"]) if asked["channel"].isdecimal() else None,
        campaign_id=int(asked["campaign"]) if asked["campaign"].isdecimal() else None,
        words=asked["words"],
    )
    page = Paginator(posts, PER_PAGE).get_page(request.GET.get("page"))
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value})
    context = {
        "page": page,
        "rows": rows_of(page.object_list),
        "asked": asked,
        "is_filtered": bool(query),
        "base": f"?{query.urlencode()}&" if query else "?",
        "states": _states(request, asked),
        "may_compose": request.member.may("can_compose"),
        "channels": Channel.objects.in_workspace(request.workspace).order_by("name", "pk"),
        "campaigns": Campaign.objects.in_workspace(request.workspace).order_by("name", "pk"),
    }
    return render(request, "create/posts.html", context)


def _states(request: LoaRequest, asked: dict[str, str]) -> list[dict[str, object]]:
    """Return the ways to narrow the list by state, keeping the other filters."""
    labels = {
        "": _("All"),
        "draft": _("Drafts"),
        "review": _("Waiting for approval"),
        "approved": _("Approved"),
        "scheduled": _("Scheduled"),
        "delivered": _("Delivered"),
        "trouble": _("Need somebody"),
        "deleted": _("Bin"),
    }
    choices = []
    for state in STATES:
        query = QueryDict(mutable=True)
        query.update({**{name: one for name, one in asked.items() if one}, "state": state})
        choices.append(
            {
                "label": labels[state],
                "url": f"{request.path}?{query.urlencode()}",
                "is_here": asked["state"] == state,
            }
        )
    return choices


@require_POST
@requires("can_compose")
def duplicate_post(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Begin a new post that says the same."""
    copy = actions.duplicate_post(find_post(request, post_id), by=request.member)
    toasts.tell(request, _("A copy without times and approvals. Change what should differ."))
    return redirect("create:post", workspace_slug=request.workspace.slug, post_id=copy.pk)


@require_POST
@requires("can_compose")
def delete_post(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Put a post in the bin, with a way back."""
    post = find_post(request, post_id)
    try:
        actions.delete_post(post, by=request.member)
    except actions.AlreadyOut as error:
        words = _("%(channel)s shows this post, or may. It stays here as the record of that.")
        toasts.warn(request, words % {"channel": error.channel})
        return redirect("create:post", workspace_slug=request.workspace.slug, post_id=post.pk)
    undo = reverse("create:restore-post", args=[request.workspace.slug, post.pk])
    words = _("“%(post)s” is deleted.") % {"post": post}
    toasts.tell_with_undo(request, words, undo_url=undo)
    return redirect("create:posts", workspace_slug=request.workspace.slug)


@require_POST
@requires("can_compose")
def restore_post(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Take a post out of the bin."""
    post = actions.restore_post(find_post(request, post_id), by=request.member)
    toasts.tell(request, _("“%(post)s” is back.") % {"post": post})
    return redirect("create:post", workspace_slug=request.workspace.slug, post_id=post.pk)


@require_POST
@requires("can_schedule")
def unschedule_post(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Stop what has not gone out; the times stay in the plan."""
    post = find_post(request, post_id)
    try:
        actions.unschedule_post(post, by=request.member)
    except publish.CannotCancel as refusal:
        toasts.warn(request, wording.cannot_cancel(refusal))
    else:
        toasts.tell(request, _("Taken off the schedule. Its time stays in the plan as a draft."))
    return redirect("create:post", workspace_slug=request.workspace.slug, post_id=post.pk)


@require_POST
@requires("can_compose")
def use_newest(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Let posts that have not gone out show the newest version of a picture."""
    asset = get_object_or_404(Asset.objects.in_workspace(request.workspace), pk=asset_id)
    renewed = actions.use_newest(asset, by=request.member)
    toasts.tell(request, wording.renewed(len(renewed.changed), len(renewed.to_approve)))
    return redirect("library:asset", request.workspace.slug, asset.pk)
