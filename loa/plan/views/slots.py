"""The slots of the week, channel by channel."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loa.channels.models import Channel
from loa.kernel.errors import LoaError
from loa.ops import clock
from loa.plan import actions, queries, wording
from loa.plan.forms import PacingForm, SlotForm
from loa.plan.models import Slot
from loa.plan.queries import ChannelWeek
from loa.plan.rules.slots import SlotTime
from loa.web.toasts import tell, tell_with_undo, warn
from loa.workspace.access import LoaRequest, requires


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week with a channel's slots on it."""

    number: int
    name: str
    short: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class ChannelSlots:
    """A channel on the page of slots."""

    week: ChannelWeek
    days: tuple[WeekDay, ...]
    next_free: tuple[SlotTime, ...]
    add: SlotForm
    pacing: PacingForm

    @property
    def channel(self) -> Channel:
        """The channel."""
        return self.week.channel

    @property
    def channel_key(self) -> str:
        """What tells its fields apart from those of other channels."""
        return str(self.week.channel.pk)


@require_GET
@requires("can_view")
def show_slots(request: LoaRequest) -> HttpResponse:
    """Show when each channel is meant to speak."""
    return _page(request)


@require_POST
@requires("can_plan")
def add_slots(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Give a channel a time on some days of the week."""
    channel = _channel(request, channel_id)
    # A toast that puts a slot back carries it in its address.
    form = SlotForm(request.POST if "local_time" in request.POST else request.GET)
    if not form.is_valid():
        return _page(request, add=(channel_id, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        for weekday, local_time in form.slots():
            actions.add_slot(channel, weekday=weekday, local_time=local_time)
    except LoaError as refusal:
        warn(request, wording.refusal(refusal))
    return _back(request, channel)


@require_POST
@requires("can_plan")
def remove_slot(request: LoaRequest, slot_id: int) -> HttpResponseBase:
    """Take a slot out of the week; a toast can put it back."""
    slots = Slot.objects.in_workspace(request.workspace).select_related("channel", "workspace")
    slot = get_object_or_404(slots, pk=slot_id)
    actions.remove_slot(slot)
    undo = reverse("plan:add-slots", args=[request.workspace.slug, slot.channel_id])
    tell_with_undo(
        request,
        _("%(weekday)s %(time)s is no longer a slot. What is planned then stays planned.")
        % {"weekday": wording.weekday(slot.weekday), "time": f"{slot.local_time:%H:%M}"},
        undo_url=f"{undo}?weekday={slot.weekday}&local_time={slot.local_time:%H:%M}",
    )
    return _back(request, slot.channel)


@require_POST
@requires("can_plan")
def set_pacing(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Say how crowded a channel may get."""
    channel = _channel(request, channel_id)
    form = PacingForm(request.POST)
    if not form.is_valid():
        return _page(request, pacing=(channel_id, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actions.set_pacing(channel, **form.cleaned_data)
    tell(request, _("The pacing of %(channel)s is set.") % {"channel": channel.name})
    return _back(request, channel)


@require_POST
@requires("can_plan")
def copy_slots(request: LoaRequest, channel_id: int) -> HttpResponseBase:
    """Give a channel the same week as another one."""
    target = _channel(request, channel_id)
    asked = request.POST.get("source", "")
    source = _channel(request, int(asked) if asked.isdecimal() else 0)
    actions.copy_slots(source, target=target)
    tell(
        request,
        _("%(target)s has the same slots as %(source)s now.")
        % {"target": target.name, "source": source.name},
    )
    return _back(request, target)


def _page(
    request: LoaRequest,
    *,
    add: tuple[int, SlotForm] | None = None,
    pacing: tuple[int, PacingForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    weeks = queries.channel_weeks(request.workspace)
    free = queries.next_free_slots(
        request.workspace, [week.channel.pk for week in weeks], now=now, most=3
    )
    slots = list(
        Slot.objects.in_workspace(request.workspace).order_by("weekday", "local_time", "pk")
    )
    shown = [
        ChannelSlots(
            week=week,
            days=_days([slot for slot in slots if slot.channel_id == week.channel.pk]),
            next_free=free[week.channel.pk],
            add=add[1] if add and add[0] == week.channel.pk else SlotForm(),
            pacing=pacing[1] if pacing and pacing[0] == week.channel.pk else _pacing_of(week),
        )
        for week in weeks
    ]
    values: dict[str, Any] = {"shown": shown, "may_plan": request.member.may("can_plan")}
    return render(request, "plan/slots.html", values, status=status)


def _days(slots: list[Slot]) -> tuple[WeekDay, ...]:
    return tuple(
        WeekDay(
            number,
            wording.weekday(number),
            wording.weekday_short(number),
            tuple(slot for slot in slots if slot.weekday == number),
        )
        for number in range(7)
    )


def _pacing_of(week: ChannelWeek) -> PacingForm:
    return PacingForm(
        initial={
            "min_gap_minutes": int(week.pacing.min_gap.total_seconds() // 60),
            "daily_cap": week.pacing.daily_cap,
        }
    )


def _channel(request: LoaRequest, channel_id: int) -> Channel:
    channels = Channel.objects.in_workspace(request.workspace).select_related("workspace")
    return get_object_or_404(channels, pk=channel_id)


def _back(request: LoaRequest, channel: Channel) -> HttpResponseBase:
    path = reverse("plan:slots", args=[request.workspace.slug])
    return redirect(f"{path}#channel-{channel.pk}")
