"""Change what is live, from its receipt."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.publish import actions, wording
from loa.publish.rules.live_changes import ChangeState
from loa.publish.views.receipts import find, receipt_page
from loa.web.toasts import tell, tell_with_undo, warn
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_schedule")
def edit_live(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Ask for other words in what is live."""
    delivery = find(request, delivery_id)
    captions = request.POST.getlist("caption")
    try:
        change = actions.edit_live(delivery, captions=captions, by=request.member)
    except actions.CannotChange as refusal:
        return _refused(request, delivery_id, refusal, typed=captions)
    if change.state == ChangeState.WAITING:
        return _done(request, delivery_id, _("Asked. The new words go out once approved."))
    return _done(request, delivery_id, _("The words are being changed."))


@require_POST
@requires("can_settle")
def remove_live(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Take what is live down."""
    delivery = find(request, delivery_id)
    try:
        actions.remove_live(delivery, by=request.member)
    except actions.CannotChange as refusal:
        return _refused(request, delivery_id, refusal)
    return _done(request, delivery_id, _("It is being taken down."))


@require_POST
@requires("can_approve")
def approve_change(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Agree to new words for what is live."""
    delivery, asked = find(request, delivery_id), request.POST.get("change", "")
    change_id = int(asked) if asked.isdecimal() and len(asked) < 19 else 0  # noqa: PLR2004 (bigint)
    try:
        change = actions.approve_change(delivery, change_id=change_id, by=request.member)
    except actions.CannotChange as refusal:
        return _refused(request, delivery_id, refusal)
    if change.state == ChangeState.WAITING:
        tell(request, _("Your approval is noted. Others still have to agree."))
    else:
        tell(request, _("Agreed: the new words go out now."))
    return redirect("publish:delivery", request.workspace.slug, delivery_id)


@require_POST
@requires("can_schedule")
def withdraw_change(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Take a change back before the platform is told."""
    delivery = find(request, delivery_id)
    try:
        was_open = actions.withdraw_change(delivery, by=request.member)
    except actions.CannotChange as refusal:
        return _refused(request, delivery_id, refusal)
    if was_open:
        tell(request, _("Taken back: what is live stays as it is."))
    else:
        warn(request, _("It was too late: the platform has been told."))
    return redirect("publish:delivery", request.workspace.slug, delivery_id)


def _done(request: LoaRequest, delivery_id: int, words: str) -> HttpResponse:
    arguments = [request.workspace.slug, delivery_id]
    tell_with_undo(request, words, undo_url=reverse("publish:withdraw-change", args=arguments))
    return redirect("publish:delivery", request.workspace.slug, delivery_id)


def _refused(
    request: LoaRequest,
    delivery_id: int,
    refusal: actions.CannotChange,
    *,
    typed: list[str] | None = None,
) -> HttpResponse:
    """Say why, with what was typed; bad words are the writer's, the rest is a conflict."""
    is_bad = isinstance(refusal, actions.ChangeRefused | actions.NothingChanged)
    return receipt_page(
        request,
        find(request, delivery_id),
        live_trouble=wording.change_refusal(refusal),
        typed=typed or (),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_bad else HTTPStatus.CONFLICT,
    )
