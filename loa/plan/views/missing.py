"""What was missed while Loa could not send: one list, one decision for all or for each."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from loa.plan import actions, queries
from loa.plan.actions import Choice
from loa.web.toasts import tell, warn
from loa.workspace.access import LoaRequest, requires

SHOWN = 200


@require_GET
@requires("can_view")
def show_missed(request: LoaRequest) -> HttpResponse:
    """List what was missed."""
    missed = queries.missed_deliveries(request.workspace)
    context = {
        "missed": missed[:SHOWN],
        "count": missed.count(),
        "shown": SHOWN,
        "may_settle": request.member.may("can_settle"),
    }
    return render(request, "plan/missed.html", context)


@require_POST
@requires("can_settle")
def settle_missed(request: LoaRequest) -> HttpResponse:
    """Do with what was ticked what the member chose."""
    choice = request.POST.get("choice", "")
    ticked = [
        int(one)
        for one in request.POST.getlist("delivery")
        if one.isdecimal() and len(one) < 19  # noqa: PLR2004 (bigint)
    ]
    if choice not in Choice or not ticked:
        warn(request, _("Tick at least one post, then choose what happens to it."))
        return redirect("plan:missed", request.workspace.slug)
    settled = actions.settle_missed(
        request.workspace, ticked, choice=Choice(choice), by=request.member
    )
    tell(request, _told(Choice(choice), settled.done_count))
    if settled.refused_count:
        warn(request, _refused(Choice(choice), settled.refused_count))
    return redirect("plan:missed", request.workspace.slug)


def _told(choice: Choice, count: int) -> str:
    words = {
        Choice.SEND: ngettext(
            "%(count)s post goes out now.", "%(count)s posts go out, one after the other.", count
        ),
        Choice.SLOT: ngettext(
            "%(count)s post waits for its slot.", "%(count)s posts wait for their slots.", count
        ),
        Choice.DROP: ngettext("%(count)s post is dropped.", "%(count)s posts are dropped.", count),
    }
    return words[choice] % {"count": count}


def _refused(choice: Choice, count: int) -> str:
    words = {
        Choice.SEND: ngettext(
            "%(count)s post is not approved as it is now, and stays here.",
            "%(count)s posts are not approved as they are now, and stay here.",
            count,
        ),
        Choice.SLOT: ngettext(
            "%(count)s post found no free slot, and stays here.",
            "%(count)s posts found no free slot, and stay here.",
            count,
        ),
        Choice.DROP: ngettext(
            "%(count)s post was settled by somebody else.",
            "%(count)s posts were settled by somebody else.",
            count,
        ),
    }
    return words[choice] % {"count": count}
