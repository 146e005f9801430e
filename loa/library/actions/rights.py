"""Note who made an asset, on what grounds it is used, and who of those it shows agreed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from loa.kernel.errors import LoaError
from loa.kernel.json import JSON
from loa.kernel.text import normalise
from loa.library.actions.finding import refresh_words
from loa.library.models import Asset, Consent
from loa.library.rules.rights import Agreed, Licence, Rights, usable_until
from loa.ops import clock
from loa.workspace.actions import record_audit
from loa.workspace.models import Member

LONGEST_NAME = 160
LONGEST_CREDIT = 300
LONGEST_NOTE = 4000
MOST_CONSENTS = 200


class NobodyNamed(LoaError):
    """A consent must say whose it is."""


class TooManyConsents(LoaError):
    """More people than one picture can be noted for."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is noted of an asset's rights. until: the last day, None without an end."""

    creator: str = ""
    credit: str = ""
    licence: str = Licence.UNKNOWN
    note: str = ""
    until: date | None = None


def note_rights(asset: Asset, *, terms: Terms, by: Member) -> Asset:
    """Write down who made the asset and on what grounds it may be used."""
    with transaction.atomic():
        asset = _locked(asset)
        asset.creator = _one_line(terms.creator, LONGEST_NAME)
        asset.credit = _one_line(terms.credit, LONGEST_CREDIT)
        asset.licence = Licence(terms.licence)
        asset.licence_note = normalise(terms.note).strip()[:LONGEST_NOTE]
        asset.rights_until = terms.until
        asset.save(update_fields=["creator", "credit", "licence", "licence_note", "rights_until"])
        refresh_words([asset.pk], workspace=asset.workspace)
        _write_end(asset)
        _note(asset, "asset.rights_noted", by=by, until=_day(asset.rights_until))
    return asset


def add_consent(
    asset: Asset, *, person: str, agreed_to: str = "", until: date | None = None, by: Member
) -> Consent:
    """Write down that somebody shown agreed. NobodyNamed, TooManyConsents."""
    person = _one_line(person, LONGEST_NAME)
    if not person:
        raise NobodyNamed(f"asset {asset.pk}")
    with transaction.atomic():
        asset = _locked(asset)
        if asset.consents.count() >= MOST_CONSENTS:
            raise TooManyConsents(f"asset {asset.pk}")
        consent = Consent.objects.create(
            workspace_id=asset.workspace_id,
            asset=asset,
            person=person,
            agreed_to=normalise(agreed_to).strip()[:LONGEST_NOTE],
            until=until,
            noted_by=by,
            noted_at=clock.now(),
        )
        _write_end(asset)
        _note(asset, "asset.consent_noted", by=by, person=person, until=_day(until))
    return consent


def withdraw_consent(consent: Consent, *, today: date, by: Member) -> Consent:
    """Note that somebody no longer agrees: from today on the picture does not go out."""
    with transaction.atomic():
        asset = _locked(consent.asset)
        consent.until = today - timedelta(days=1)
        consent.save(update_fields=["until"])
        _write_end(asset)
        _note(asset, "asset.consent_withdrawn", by=by, person=consent.person)
    return consent


def remove_consent(consent: Consent, *, by: Member) -> None:
    """Take out a consent that was noted by mistake."""
    with transaction.atomic():
        asset = _locked(consent.asset)
        Consent.objects.filter(pk=consent.pk).delete()
        _write_end(asset)
        _note(asset, "asset.consent_removed", by=by, person=consent.person)


def _locked(asset: Asset) -> Asset:
    """Lock the row, so that two who note consents at once do not miss each other's end."""
    return (
        Asset.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=asset.pk)
    )


def _write_end(asset: Asset) -> None:
    agreed = tuple(Agreed(one.person, one.until) for one in asset.consents.all())
    asset.usable_until = usable_until(Rights(asset.rights_until, agreed))
    asset.save(update_fields=["usable_until"])


def _note(asset: Asset, action: str, *, by: Member, **detail: JSON) -> None:
    record_audit(
        asset.workspace, member=by, action=action, subject=f"asset:{asset.pk}", detail=detail
    )


def _one_line(text: str, longest: int) -> str:
    return " ".join(normalise(text).split())[:longest]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
