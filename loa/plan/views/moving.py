"""Move a post: the form, the move, and taking it back."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loa.content.models import Post, Variant
from loa.content.rules.planned_time import PlannedTime
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import actions, wording
from loa.plan.actions import Formerly, Moved
from loa.plan.forms import MoveForm, PageAsked, read_kept_page
from loa.plan.rules import days
from loa.plan.views import calendar
from loa.web.fragments import render_parts
from loa.web.toasts import tell, tell_with_undo, warn
from loa.workspace.access import LoaRequest, requires

SALT = "plan.undo-move"
UNDO_WITHIN_S = 3600


@require_http_methods(["GET", "POST"])
@requires("can_schedule")
def move_post(request: LoaRequest) -> HttpResponseBase:
    """Ask for a new time, or give it and redraw the days the post left and joined."""
    if request.method == "GET":
        return _ask(request, request.GET)
    form = MoveForm(request.POST)
    post = _post(request, request.POST.get("post", ""))
    if not form.is_valid():
        return _refused(request, str(next(iter(form.errors.values()))[0]))
    planned = form.planned_time(request.workspace.time_zone)
    try:
        moved = actions.move_post(
            post,
            planned=planned,
            by=request.member,
            variant_ids=form.cleaned_data["variant"] or None,
        )
    except LoaError as refusal:
        return _refused(request, wording.refusal(refusal), status=HTTPStatus.CONFLICT)
    page = _page(request)
    _tell(request, moved, asked=planned, page=page)
    return _redrawn(request, page, moved.days_touched(request.workspace.time_zone))


@require_POST
@requires("can_schedule")
def undo_move(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Put a post back where it was before a move."""
    post = get_object_or_404(Post.objects.in_workspace(request.workspace), pk=post_id)
    try:
        kept = signing.loads(request.GET.get("was", ""), salt=SALT, max_age=UNDO_WITHIN_S)
    except signing.BadSignature:
        warn(request, _("This can no longer be undone. Move the post by hand."))
        return _back(request)
    try:
        actions.undo_move(post, formerly=[_read_formerly(one) for one in kept], by=request.member)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
    else:
        tell(request, _("Undone: the post is back at its former time."))
    return _back(request)


def _ask(
    request: LoaRequest, asked: QueryDict, *, error: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    """Show the form "Move to", as a page or inside the dialog of the calendar."""
    post = _post(request, asked.get("post", ""))
    wanted = [one for one in asked.getlist("variant") if one.isdecimal()]
    variants = Variant.objects.in_workspace(request.workspace).filter(post=post)
    if wanted:
        variants = variants.filter(pk__in=wanted)
    chosen = list(variants.select_related("channel").order_by("planned_at", "pk"))
    if not chosen:
        raise Http404
    place = days.place(request.workspace.time_zone)
    first = chosen[0].planned_at
    values = {
        "post": post,
        "post_id": str(post.pk),
        "variants": chosen,
        "variant_ids": [str(one.pk) for one in chosen],
        "planned": _typed(asked) or (first.astimezone(place) if first else None),
        "earliest": clock.now().astimezone(place),
        "error": error,
        "page": asked.get("page", ""),
    }
    template = "plan/move.html#form" if request.is_htmx else "plan/move.html"
    return render(request, template, values, status=status)


def _refused(
    request: LoaRequest, reason: str, *, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> HttpResponse:
    """Say why not: in the form that was filled in, or as news after a drag."""
    if not request.is_htmx or "in_form" in request.POST:
        return _ask(request, request.POST, error=reason, status=status)
    warn(request, reason)
    return render_parts(request, status=status)


def _redrawn(request: LoaRequest, page: PageAsked, touched: Collection[date]) -> HttpResponseBase:
    if not request.is_htmx:
        return _back(request)
    shown = calendar.context(request, page)
    shown["touched"] = [day for day in shown["calendar"].days if day.date in touched]
    response = render_parts(request, "plan/calendar_moved.html", context=shown)
    response.headers["HX-Trigger"] = "moved"
    return response


def _tell(request: LoaRequest, moved: Moved, *, asked: PlannedTime, page: PageAsked) -> None:
    today = days.today(clock.now(), request.workspace.time_zone)
    words = {"when": wording.moment(moved.planned.local, today=today)}
    if moved.was_skipped:
        sentence = _("The clock skips %(asked)s on that day: moved to %(when)s.")
        words["asked"] = f"{asked.local:%H:%M}"
    else:
        sentence = _("Moved to %(when)s.")
    kept = signing.dumps([_kept(one) for one in moved.formerly], salt=SALT, compress=True)
    path = reverse("plan:undo-move", args=[request.workspace.slug, moved.post.pk])
    address = f"{path}?{urlencode({'was': kept, 'page': page.address()})}"
    tell_with_undo(request, sentence % words, undo_url=address)


def _kept(one: Formerly) -> dict[str, Any]:
    return {
        **asdict(one),
        "planned": [one.planned.local.isoformat(), one.planned.zone, one.planned.fold]
        if one.planned
        else None,
        "moved_to": one.moved_to.isoformat(),
    }


def _read_formerly(kept: dict[str, Any]) -> Formerly:
    """Read what `_kept` wrote; it is signed, so its form is known."""
    planned = None
    if kept["planned"]:
        local, zone, fold = kept["planned"]
        planned = PlannedTime(datetime.fromisoformat(local), zone, fold)
    return Formerly(
        kept["variant_id"], planned, kept["in_queue"], datetime.fromisoformat(kept["moved_to"])
    )


def _typed(asked: QueryDict) -> datetime | None:
    """Return the time that was typed, so that a refused form keeps it."""
    try:
        return datetime.fromisoformat(asked.get("planned", ""))
    except ValueError:
        return None


def _post(request: LoaRequest, number: str) -> Post:
    if not number.isdecimal() or len(number) > 18:  # noqa: PLR2004 (digits of a bigint)
        raise Http404
    posts = Post.objects.in_workspace(request.workspace).select_related("workspace")
    return get_object_or_404(posts, pk=number, deleted_at=None)


def _page(request: LoaRequest) -> PageAsked:
    asked = request.POST.get("page") or request.GET.get("page", "")
    return read_kept_page(asked, today=days.today(clock.now(), request.workspace.time_zone))


def _back(request: LoaRequest) -> HttpResponseBase:
    path = reverse("plan:calendar", args=[request.workspace.slug])
    return redirect(f"{path}?{_page(request).address()}")
