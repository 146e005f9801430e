"""Noting rights and consents: what counts is always the first end, whoever writes at once."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from loa.library import actions
from loa.library.models import Asset, Consent
from loa.library.queries import facts_of
from loa.library.rules.rights import ended_by
from loa.ops import clock
from tests.bakery import Bakery, riverside_bakery
from tests.cast import an_asset, signed_in
from tests.house_rules.rows import audited
from tests.races import at_once

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2027, 6, 30), date(2027, 7, 31)


@pytest.fixture
def bakery() -> Bakery:
    return riverside_bakery()


def again(asset: Asset, bakery: Bakery) -> Asset:
    with bakery.inside():
        return Asset.objects.get(pk=asset.pk)


def test_the_first_end_counts(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    with bakery.inside():
        actions.note_rights(asset, terms=actions.Terms(until=JULY), by=bakery.ben)
        actions.add_consent(asset, person="Lan", until=JUNE, by=bakery.ben)
        actions.add_consent(asset, person="Minh", by=bakery.ben)

        [facts] = facts_of([asset.pk], workspace=bakery.workspace).values()

    assert again(asset, bakery).usable_until == JUNE
    assert [one.person for one in ended_by(facts.rights, on=JULY)] == ["Lan"]


def test_a_consent_that_is_taken_out_no_longer_limits(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    with bakery.inside():
        consent = actions.add_consent(asset, person="Lan", until=JUNE, by=bakery.ben)

        actions.remove_consent(consent, by=bakery.ben)

    assert again(asset, bakery).usable_until is None


def test_who_no_longer_agrees_is_out_from_today(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    with bakery.inside():
        consent = actions.add_consent(asset, person="Lan", by=bakery.ben)

        actions.withdraw_consent(consent, today=JUNE, by=bakery.ben)

    assert again(asset, bakery).usable_until == JUNE - timedelta(days=1)
    [(_, detail)] = audited(bakery.workspace, "asset.consent_withdrawn")
    assert detail["person"] == "Lan"


def test_a_consent_without_a_name_is_refused(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)

    with bakery.inside(), pytest.raises(actions.NobodyNamed):
        actions.add_consent(asset, person="  \n ", by=bakery.ben)


@pytest.mark.django_db(transaction=True)
def test_two_who_note_consents_at_once_do_not_miss_each_others_end() -> None:
    bakery = riverside_bakery()
    asset = an_asset(bakery.workspace)

    def note(person: str, until: date) -> Consent:
        with bakery.inside():
            return actions.add_consent(asset, person=person, until=until, by=bakery.ben)

    at_once(*(lambda n=n: note(f"Guest {n}", JUNE + timedelta(days=n)) for n in range(6)))

    assert again(asset, bakery).usable_until == JUNE
    with bakery.inside():
        assert Consent.objects.count() == 6


def test_rights_are_noted_on_the_page_and_found_by_their_maker(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    base = f"/w/{bakery.workspace.slug}/library/"
    ben = signed_in(bakery.ben)
    said = {"licence": "stock", "creator": "Trần Phượng", "credit": "", "note": "", "until": ""}

    ben.post(f"{base}{asset.pk}/rights/", said | {"until": "2027-06-30"})

    page = ben.get(f"{base}{asset.pk}/").content.decode()
    assert "Stock picture" in page
    assert "30/6/2027" in page
    assert asset.filename in ben.get(base, {"words": "phuong"}).content.decode()
    refused = ben.post(f"{base}{asset.pk}/rights/", said | {"until": "next summer"})
    assert refused.status_code == 422
    assert "Trần Phượng" in refused.content.decode()


def test_a_consent_is_noted_and_withdrawn_on_the_page(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    base = f"/w/{bakery.workspace.slug}/library/"
    ben = signed_in(bakery.ben)

    ben.post(f"{base}{asset.pk}/consents/", {"person": "Lan Phạm", "agreed_to": "on our page"})
    with bakery.inside():
        consent = Consent.objects.get()
    ben.post(f"{base}consents/{consent.pk}/withdraw/")

    today = clock.now().astimezone(ZoneInfo(bakery.workspace.time_zone)).date()
    assert again(asset, bakery).usable_until < today  # type: ignore[operator]
    assert "Rights ended" in ben.get(f"{base}{asset.pk}/").content.decode()
    assert ben.post(f"{base}{asset.pk}/consents/", {"person": ""}).status_code == 422


def test_a_client_who_approves_cannot_note_rights(bakery: Bakery) -> None:
    asset = an_asset(bakery.workspace)
    base = f"/w/{bakery.workspace.slug}/library/{asset.pk}/"

    assert signed_in(bakery.chloe).post(f"{base}rights/", {}).status_code == 403
    assert signed_in(bakery.chloe).post(f"{base}consents/", {"person": "x"}).status_code == 403
