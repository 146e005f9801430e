"""The landing page: what needs this member now, what goes out today, how the week stands."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from loa.ops import clock
from loa.plan import wording as plan_wording
from loa.today import queries, wording
from loa.today.queries import OnAir
from loa.today.rules.needs import NOT_COUNTED
from loa.workspace.access import LoaRequest, requires
from loa.workspace.models import Member

COUNT_KEPT_S = 20.0
MOST_KEPT = 10_000
# When a member's needs were counted, and how many they were. In the process and not in the
# shared cache: asking that one would cost as much as counting.
_KEPT: dict[int, tuple[float, int]] = {}
NEEDS_SHOWN = 8


@require_GET
@requires("can_view")
def show_today(request: LoaRequest) -> HttpResponse:
    """Show the day."""
    now = clock.now()
    steps = queries.first_steps(request.workspace)
    values = {
        "greeting": _greeting(request, now),
        "steps": steps,
        "coming": queries.coming_observances(request.workspace, now=now),
        **_needs(request, now),
        **_on_air(request, now),
    }
    values["subtitle"] = _subtitle(now, values["on_air"])
    if request.member.may("can_see_readings"):
        values["week"] = queries.week_so_far(request.workspace, now=now)
    return render(request, "today/today.html", values)


@require_GET
@requires("can_view")
def show_on_air(request: LoaRequest) -> HttpResponse:
    """Redraw what goes out today."""
    return render(request, "today/today.html#on_air_card", _on_air(request, clock.now()))


@require_GET
@requires("can_view")
def show_needs(request: LoaRequest) -> HttpResponse:
    """Redraw what needs the member."""
    return render(request, "today/today.html#needs_card", _needs(request, clock.now()))


def count_today(request: HttpRequest) -> int:
    """Count what waits on Today for the rail; kept for a moment, as every page asks."""
    member = cast("LoaRequest", request).member
    kept_at, count = _KEPT.get(member.pk, (-COUNT_KEPT_S, 0))
    if clock.monotonic_s() - kept_at < COUNT_KEPT_S:
        return count
    return _keep(member, queries.count_needs(member, now=clock.now()))


def _needs(request: LoaRequest, now: datetime) -> dict[str, Any]:
    needs = queries.needs_of(request.member, now=now)
    counted = sum(need.kind not in NOT_COUNTED for need in needs)
    _keep(request.member, counted)
    lines = [wording.line(need, workspace=request.workspace, now=now) for need in needs]
    return {"lines": lines[:NEEDS_SHOWN], "more_count": max(len(lines) - NEEDS_SHOWN, 0)}


def _on_air(request: LoaRequest, now: datetime) -> dict[str, Any]:
    return {
        "on_air": queries.on_air(request.workspace, now=now),
        "may_schedule": request.member.may("can_schedule"),
    }


def _greeting(request: LoaRequest, now: datetime) -> str:
    today = timezone.localdate(now)
    return _("Hello %(name)s, %(day)s") % {
        "name": request.user.name or request.user.email,
        "day": plan_wording.day(today, today=today),
    }


def _subtitle(now: datetime, on_air: OnAir) -> str:
    words = wording.moon(now)
    words += [one.name(plan_wording.language()) for one in on_air.day.observances if one.is_major]
    count = len(on_air.to_come)
    if count:
        words.append(
            ngettext("%(count)s post goes out today", "%(count)s posts go out today", count)
            % {"count": count}
        )
    else:
        words.append(_("nothing more goes out today"))
    return " · ".join(words)


def _keep(member: Member, count: int) -> int:
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[member.pk] = (clock.monotonic_s(), count)
    return count
