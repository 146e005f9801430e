"""Note the rights to a picture and the consent of those it shows."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loa.library import actions
from loa.library.forms import ConsentForm, RightsForm
from loa.library.models import Consent
from loa.library.views.assets import address, asset_of, asset_page
from loa.ops import clock
from loa.web import toasts
from loa.workspace.access import LoaRequest, requires


@require_POST
@requires("can_compose")
def note_rights(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Keep who made a picture and until when it may be used."""
    asset = asset_of(request, asset_id)
    form = RightsForm(request.POST)
    if not form.is_valid():
        return _refused(request, asset_id, rights_form=form)
    actions.note_rights(asset, terms=form.terms, by=request.member)
    toasts.tell(request, _("The rights are noted. Every check uses them from now on."))
    return redirect(address(request, asset))


@require_POST
@requires("can_compose")
def add_consent(request: LoaRequest, asset_id: int) -> HttpResponseBase:
    """Keep that somebody shown agreed."""
    asset = asset_of(request, asset_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _refused(request, asset_id, consent_form=form)
    try:
        actions.add_consent(
            asset,
            person=form.cleaned_data["person"],
            agreed_to=form.cleaned_data["agreed_to"],
            until=form.until,
            by=request.member,
        )
    except actions.TooManyConsents:
        form.add_error("person", _("This picture has 200 people already. Note them as a group."))
        return _refused(request, asset_id, consent_form=form)
    toasts.tell(request, _("The consent is noted."))
    return redirect(address(request, asset))


@require_POST
@requires("can_compose")
def withdraw_consent(request: LoaRequest, consent_id: int) -> HttpResponseBase:
    """Keep that somebody no longer agrees."""
    consent = _consent(request, consent_id)
    today = timezone.localdate(clock.now())
    actions.withdraw_consent(consent, today=today, by=request.member)
    toasts.tell(
        request,
        _("%(person)s no longer agrees: posts with this picture are held back from now on.")
        % {"person": consent.person},
    )
    return redirect(address(request, consent.asset))


@require_POST
@requires("can_compose")
def remove_consent(request: LoaRequest, consent_id: int) -> HttpResponseBase:
    """Take out a consent that was noted by mistake."""
    consent = _consent(request, consent_id)
    actions.remove_consent(consent, by=request.member)
    toasts.tell(request, _("The note about %(person)s is gone.") % {"person": consent.person})
    return redirect(address(request, consent.asset))


def _consent(request: LoaRequest, consent_id: int) -> Consent:
    consents = Consent.objects.in_workspace(request.workspace).select_related("asset")
    return get_object_or_404(consents, pk=consent_id)


def _refused(
    request: LoaRequest,
    asset_id: int,
    *,
    rights_form: RightsForm | None = None,
    consent_form: ConsentForm | None = None,
) -> HttpResponse:
    """Show the page again with what was typed and what is wrong with it."""
    return asset_page(
        request,
        asset_of(request, asset_id),
        rights_form=rights_form,
        consent_form=consent_form,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )
