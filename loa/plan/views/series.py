"""Posts that repeat: all of them, one with its dates, and the form with its next dates."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loa.content.models import Post
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import actions, queries
from loa.plan.forms.series import SeriesForm, as_it_is, suggested
from loa.plan.models import Occurrence, Series
from loa.plan.queries import evergreen
from loa.plan.rules import days
from loa.plan.wording import series as say
from loa.web.toasts import tell, tell_with_undo, warn
from loa.workspace.access import LoaRequest, requires


@require_GET
@requires("can_view")
def show_all_series(request: LoaRequest) -> HttpResponse:
    """List the series of the workspace."""
    shown = queries.series_shown(request.workspace, now=clock.now())
    may_plan = request.member.may("can_plan")
    return render(request, "plan/all_series.html", {"shown": shown, "may_plan": may_plan})


@require_GET
@requires("can_view")
def show_series(request: LoaRequest, series_id: int) -> HttpResponse:
    """Show one series: what it says, its dates so far and those to come."""
    series = _series(request, series_id)
    now = clock.now()
    context = {
        "series": series,
        "coming": queries.coming_of(series, now=now),
        "past": queries.past_of(series, now=now),
        "later": queries.later_dates(series, now=now),
        "may_plan": request.member.may("can_plan") and not series.ended_at,
    }
    return render(request, "plan/series.html", context)


@require_http_methods(["GET", "POST"])
@requires("can_plan")
def start_series(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Ask when a post shall repeat, show the dates, and begin the series."""
    posts = Post.objects.in_workspace(request.workspace).select_related("workspace")
    post = get_object_or_404(posts, pk=post_id, deleted_at=None)
    begun = queries.occurrence_of(post)
    if begun is not None:
        return _go(request, begun.series)
    if request.method == "GET":
        return _form(request, SeriesForm(initial=suggested(str(post), local=_first(post))), post)
    form = SeriesForm(request.POST)
    if not form.is_valid() or _only_looks(request):
        return _form(request, form, post)
    try:
        series = actions.start_series(post, terms=form.terms(), by=request.member)
    except LoaError as refusal:
        return _form(request, form, post, error=say.refusal(refusal))
    count = Occurrence.objects.filter(series=series, state="made").count()
    words = ngettext(
        "It repeats now: %(count)s post is planned for the next four weeks.",
        "It repeats now: %(count)s posts are planned for the next four weeks.",
        count,
    )
    tell(request, words % {"count": count})
    return _go(request, series)


@require_http_methods(["GET", "POST"])
@requires("can_plan")
def change_series(request: LoaRequest, series_id: int) -> HttpResponseBase:
    """Ask for other dates, show them, and change the series from now on."""
    series = _series(request, series_id)
    today = days.today(clock.now(), request.workspace.time_zone)
    if request.method == "GET":
        return _form(request, SeriesForm(initial=as_it_is(series, today=today)), series)
    form = SeriesForm(request.POST)
    if not form.is_valid() or _only_looks(request):
        return _form(request, form, series)
    try:
        changed = actions.change_series(series, terms=form.terms(), by=request.member)
    except LoaError as refusal:
        return _form(request, form, series, error=say.refusal(refusal))
    _tell_kept(request, changed, _("Changed from now on."))
    return _go(request, series)


@require_POST
@requires("can_plan")
def skip_date(request: LoaRequest, series_id: int) -> HttpResponseBase:
    """Leave one date out, with a way back."""
    series, on = _series(request, series_id), _date(request)
    try:
        actions.skip_date(series, on=on, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        path = reverse("plan:speak-on", args=[request.workspace.slug, series.pk])
        undo = f"{path}?{urlencode({'on': on.isoformat()})}"
        words = _("%(day)s is left out.") % {"day": f"{on:%d/%m/%Y}"}
        tell_with_undo(request, words, undo_url=undo)
    return _go(request, series)


@require_POST
@requires("can_plan")
def speak_on(request: LoaRequest, series_id: int) -> HttpResponseBase:
    """Take a date back in."""
    series, on = _series(request, series_id), _date(request)
    try:
        actions.speak_on(series, on=on, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        tell(request, _("%(day)s is in again.") % {"day": f"{on:%d/%m/%Y}"})
    return _go(request, series)


@require_POST
@requires("can_plan")
def pause_series(request: LoaRequest, series_id: int) -> HttpResponseBase:
    """Make no more posts for now."""
    series = _series(request, series_id)
    try:
        actions.pause_series(series, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        undo = reverse("plan:resume-series", args=[request.workspace.slug, series.pk])
        tell_with_undo(request, _("Paused. What is planned already still goes out."), undo_url=undo)
    return _go(request, series)


@require_POST
@requires("can_plan")
def resume_series(request: LoaRequest, series_id: int) -> HttpResponseBase:
    """Go on from today."""
    series = _series(request, series_id)
    try:
        actions.resume_series(series, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        tell(request, _("It goes on from today. Dates in the pause stay left out."))
    return _go(request, series)


@require_POST
@requires("can_plan")
def end_series(request: LoaRequest, series_id: int) -> HttpResponseBase:
    """Make no more posts, for good."""
    series = _series(request, series_id)
    try:
        actions.end_series(series, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
    else:
        tell(request, _("Ended. What is planned already stays, as posts of their own."))
    return _go(request, series)


@require_GET
@requires("can_view")
def series_of_post(request: LoaRequest, post_id: int) -> HttpResponse:
    """Tell, on a post's page, how it repeats or may: its series, its slot, or the ways there."""
    post = get_object_or_404(Post.objects.in_workspace(request.workspace), pk=post_id)
    context = {
        "post": post,
        "occurrence": queries.occurrence_of(post),
        "refill": evergreen.refill_of(post),
        "evergreen": evergreen.evergreen_of(post),
        "is_live": evergreen.was_delivered(post),
        "may_plan": request.member.may("can_plan") and post.deleted_at is None,
    }
    return render(request, "plan/series_of_post.html", context)


@require_POST
@requires("can_plan")
def repeat_words(request: LoaRequest, post_id: int) -> HttpResponseBase:
    """Let the series say from now on what this post says."""
    posts = Post.objects.in_workspace(request.workspace).select_related("workspace")
    post = get_object_or_404(posts, pk=post_id, deleted_at=None)
    try:
        changed = actions.repeat_words(post, by=request.member)
    except LoaError as refusal:
        warn(request, say.refusal(refusal))
        return redirect("create:post", request.workspace.slug, post.pk)
    _tell_kept(request, changed, _("The series says this from now on."))
    return _go(request, changed.series)


def _tell_kept(request: LoaRequest, changed: actions.Changed, words: str) -> None:
    kept = len(changed.kept)
    if kept:
        more = ngettext(
            "%(count)s post that somebody had changed stays as it is.",
            "%(count)s posts that somebody had changed stay as they are.",
            kept,
        )
        words = f"{words} {more % {'count': kept}}"
    tell(request, words)


def _form(
    request: LoaRequest, form: SeriesForm, subject: Post | Series, *, error: str = ""
) -> HttpResponse:
    """Show the form with the next dates, as a page or only the dates."""
    looks = _only_looks(request)
    is_wrong = request.method == "POST" and (error or not form.is_valid())
    context: dict[str, Any] = {"form": form, "error": error, **_dates(request, form)}
    if isinstance(subject, Post):
        context["post"] = subject
    else:
        context["series"] = subject
    template = "plan/series_form.html#dates" if looks and request.is_htmx else None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong and not template else HTTPStatus.OK
    return render(request, template or "plan/series_form.html", context, status=status)


def _dates(request: LoaRequest, form: SeriesForm) -> dict[str, Any]:
    """Return the next dates of what the form says; nothing while it says no rhythm."""
    bound = form if form.is_bound else SeriesForm(form.initial)
    if not bound.is_valid():
        return {"dates": (), "rhythm": ""}
    terms = bound.terms()
    dates = queries.dates_ahead(
        terms.rhythm,
        local_time=terms.local_time,
        zone=request.workspace.time_zone,
        now=clock.now(),
    )
    return {"dates": dates, "rhythm": say.rhythm(terms.rhythm)}


def _only_looks(request: LoaRequest) -> bool:
    return "look" in request.POST or "look" in request.GET


def _first(post: Post) -> Any:
    """Return the local time with which a new series begins: the post's own, or tomorrow's."""
    now = clock.now()
    place = days.place(post.workspace.time_zone)
    planned = next((one.planned_at for one in post.variants.order_by("pk") if one.planned_at), None)
    if planned is not None and planned > now:
        return planned.astimezone(place)
    tomorrow = (now + timedelta(days=1)).astimezone(place)
    if planned is not None:
        return tomorrow.replace(
            hour=planned.astimezone(place).hour, minute=planned.astimezone(place).minute
        )
    return tomorrow.replace(hour=9, minute=0)


def _date(request: LoaRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("on") or request.GET.get("on", ""))
    except ValueError:
        raise Http404 from None


def _series(request: LoaRequest, series_id: int) -> Series:
    series = Series.objects.in_workspace(request.workspace).select_related("workspace")
    return get_object_or_404(series.select_related("kept_by__user", "workspace"), pk=series_id)


def _go(request: LoaRequest, series: Series) -> HttpResponseBase:
    return redirect("plan:show-series", request.workspace.slug, series.pk)
