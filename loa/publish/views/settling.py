"""What a person decides about one delivery: it is live, it is not, try again, leave it, stop it."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.kernel.errors import LoaError
from loa.publish import actions, wording
from loa.publish.forms import LinkForm
from loa.publish.models import Delivery
from loa.publish.views.receipts import find, receipt_page
from loa.web.toasts import tell
from loa.workspace.access import LoaRequest, requires

SEND_AGAIN, LEAVE = "send_again", "leave"


@require_POST
@requires("can_settle")
def settle_as_live(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Take a member's word, and link, that the delivery is live."""
    delivery, form = find(request, delivery_id), LinkForm(request.POST)
    if not form.is_valid():
        return _refused(request, delivery, form=form)
    try:
        actions.settle_as_live(delivery, url=form.cleaned_data["link"], by=request.member)
    except actions.WrongLink as refusal:
        form.add_error("link", wording.refusal(refusal))
        return _refused(request, delivery, form=form)
    except actions.CannotSettle as refusal:
        return _conflict(request, delivery, refusal, form=form)
    return _done(request, delivery, _("Noted: it is live. The link is kept with the receipt."))


@require_POST
@requires("can_settle")
def settle_as_not_live(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Take a member's word that the delivery is not live; send it again, or leave it."""
    delivery = find(request, delivery_id)
    then = request.POST.get("then", "")
    if then not in {SEND_AGAIN, LEAVE}:
        return HttpResponseBadRequest()
    resend = then == SEND_AGAIN
    try:
        actions.settle_as_not_live(delivery, by=request.member, resend=resend)
    except actions.CannotSettle as refusal:
        return _conflict(request, delivery, refusal)
    if resend:
        return _done(request, delivery, _("Noted: it is not live. Loa sends it again now."))
    return _done(request, delivery, _("Noted: it is not live, and it stays that way."))


@require_POST
@requires("can_settle")
def retry_failed(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Try a failed delivery again, now."""
    delivery = find(request, delivery_id)
    try:
        actions.retry_failed(delivery, by=request.member)
    except LoaError as refusal:
        return _conflict(request, delivery, refusal)
    return _done(request, delivery, _("Loa tries it again now."))


@require_POST
@requires("can_settle")
def leave_failed(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Note that nothing more shall happen to a failed delivery."""
    delivery = find(request, delivery_id)
    actions.leave_failed(delivery, by=request.member)
    return _done(request, delivery, _("Left as it is. You can still try it again later."))


@require_POST
@requires("can_schedule")
def cancel_delivery(request: LoaRequest, delivery_id: int) -> HttpResponse:
    """Stop one delivery that has not gone out."""
    delivery = find(request, delivery_id)
    try:
        stopped = actions.cancel_delivery(delivery, by=request.member)
    except actions.CannotCancel as refusal:
        return _conflict(request, delivery, refusal)
    return _done(request, stopped, _("Cancelled: it does not go out on this channel."))


def _done(request: LoaRequest, delivery: Delivery, words: str) -> HttpResponse:
    tell(request, words)
    if request.is_htmx:
        return receipt_page(request, find(request, delivery.pk))
    return redirect("publish:delivery", request.workspace.slug, delivery.pk)


def _refused(request: LoaRequest, delivery: Delivery, *, form: LinkForm) -> HttpResponse:
    return receipt_page(request, delivery, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _conflict(
    request: LoaRequest, delivery: Delivery, refusal: LoaError, *, form: LinkForm | None = None
) -> HttpResponse:
    """Say why it could not be done, beside the delivery as it is by now."""
    fresh = find(request, delivery.pk)
    trouble = wording.refusal(refusal)
    return receipt_page(request, fresh, form=form, trouble=trouble, status=HTTPStatus.CONFLICT)
