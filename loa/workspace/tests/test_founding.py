"""The first owner is made once; workspaces are founded with everything they need."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from loa.ops import clock, fence
from loa.workspace import queries
from loa.workspace.actions import (
    EmailTaken,
    NewPerson,
    NewWorkspace,
    OwnerLinkGone,
    UnknownCurrency,
    UnknownTimeZone,
    create_workspace,
    make_owner_link,
    use_owner_link,
    why_owner_link_is_gone,
)
from loa.workspace.models import Member, User, Workspace
from loa.workspace.rules.links import Gone
from loa.workspace.rules.slugs import slug_of
from tests import cast

ANA = NewPerson(email="Ana@Riverside.example", name="Ana Lê", password=cast.PASSWORD)
BAKERY = NewWorkspace(name="Tiệm bánh Ven Sông")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Cà phê Sông Hồng", "ca-phe-song-hong"),
        ("Đậu & Đỗ", "dau-do"),
        ("  --  ", "workspace"),
        ("喫茶店", "workspace"),
        ("x" * 80, "x" * 50),
    ],
)
def test_a_name_becomes_a_readable_address(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.django_db
def test_namesakes_get_numbered_addresses() -> None:
    ana = cast.a_person()

    slugs = [create_workspace("Riverside", owner=ana).slug for _ in range(3)]

    assert slugs == ["riverside", "riverside-2", "riverside-3"]


@pytest.mark.django_db
def test_an_unknown_zone_or_currency_founds_nothing() -> None:
    ana = cast.a_person()

    with pytest.raises(UnknownTimeZone):
        create_workspace("Riverside", owner=ana, time_zone="Mars/Olympus")
    with pytest.raises(UnknownCurrency):
        create_workspace("Riverside", owner=ana, currency="DEM")

    with fence.everywhere("count"):
        assert not Workspace.objects.exists()


@pytest.mark.django_db
def test_the_owner_link_makes_a_person_and_their_workspace() -> None:
    token = make_owner_link()
    assert token

    owner = use_owner_link(token, person=ANA, workspace=BAKERY)

    assert (owner.role, owner.user.email) == ("owner", "ana@riverside.example")
    assert owner.user.check_password(cast.PASSWORD)
    assert owner.workspace.slug == "tiem-banh-ven-song"
    assert [one.name for one in queries.workspaces_of(owner.user)] == [BAKERY.name]


@pytest.mark.django_db
def test_the_first_owner_also_owns_the_demo() -> None:
    linh = cast.a_person("Linh Phạm")
    demo = cast.a_workspace("Cà phê Sông Hồng", owner=linh, is_demo=True)
    token = make_owner_link()
    assert token

    owner = use_owner_link(token, person=ANA, workspace=BAKERY)

    assert queries.workspaces_of(owner.user) == [owner.workspace, demo]


@pytest.mark.django_db
def test_a_demo_made_later_is_joined_by_the_first_owner() -> None:
    token = make_owner_link()
    assert token
    owner = use_owner_link(token, person=ANA, workspace=BAKERY)

    demo = cast.a_workspace("Cà phê", owner=cast.a_person("Linh Phạm"), is_demo=True)

    assert demo in queries.workspaces_of(owner.user)


@pytest.mark.django_db
def test_there_is_no_owner_link_once_there_is_an_owner() -> None:
    token = make_owner_link()
    assert token
    use_owner_link(token, person=ANA, workspace=BAKERY)

    assert make_owner_link() is None
    assert why_owner_link_is_gone(token) is Gone.USED


@pytest.mark.django_db
def test_the_demo_cast_does_not_count_as_an_owner() -> None:
    cast.a_workspace("Cà phê", owner=cast.a_person("Linh Phạm"), is_demo=True)

    assert make_owner_link()


@pytest.mark.django_db
def test_a_newer_owner_link_ends_the_older() -> None:
    older, newer = make_owner_link(), make_owner_link()
    assert older
    assert newer

    assert why_owner_link_is_gone(older) is Gone.UNKNOWN
    assert why_owner_link_is_gone(newer) is None


@pytest.mark.django_db
def test_an_owner_link_ends_after_a_week() -> None:
    token = make_owner_link()
    assert token

    with clock.ahead(timedelta(days=7)), pytest.raises(OwnerLinkGone):
        use_owner_link(token, person=ANA, workspace=BAKERY)


@pytest.mark.django_db
def test_a_weak_password_leaves_the_link_usable() -> None:
    token = make_owner_link()
    assert token

    with pytest.raises(ValidationError):
        use_owner_link(
            token, person=NewPerson("a@b.example", "Ana", "password12"), workspace=BAKERY
        )

    assert why_owner_link_is_gone(token) is None
    assert not User.objects.exists()


@pytest.mark.django_db
def test_an_address_is_used_by_one_person_whatever_its_case() -> None:
    cast.a_person(email="ana@riverside.example")

    with pytest.raises(EmailTaken):
        cast.a_person(email="ANA@riverside.example")


@pytest.mark.django_db(transaction=True)
def test_two_who_race_with_the_link_make_one_owner() -> None:
    token = make_owner_link()
    assert token
    outcomes: list[str] = []

    def use(email: str) -> None:
        try:
            use_owner_link(token, person=NewPerson(email, "Ana", cast.PASSWORD), workspace=BAKERY)
            outcomes.append("made")
        except OwnerLinkGone:
            outcomes.append("gone")
        finally:
            connection.close()

    racers = [threading.Thread(target=use, args=[f"ana{n}@b.example"]) for n in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["gone", "gone", "gone", "made"]
    with fence.everywhere("count"):
        assert (Workspace.objects.count(), Member.objects.count()) == (1, 1)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_command_prints_a_link_that_works_and_none_once_there_is_an_owner() -> None:
    out = io.StringIO()
    call_command("owner_link", stdout=out)
    token = out.getvalue().strip().removesuffix("/").rpartition("/")[2]

    use_owner_link(token, person=ANA, workspace=BAKERY)

    assert out.getvalue().startswith("http://testserver/welcome/")
    with pytest.raises(CommandError, match="has an owner already"):
        call_command("owner_link", stdout=out)
