"""How the address of a database is read."""

import psycopg
import pytest

from loa.ops import listening
from loa.site import settings


def test_a_silent_database_is_given_up_soon_unless_its_address_says_otherwise() -> None:
    given = settings._database("postgresql://loa:pw@db.example/loa")
    other = settings._database("postgresql://loa:pw@db.example/loa?connect_timeout=60")

    assert given["OPTIONS"] == settings.SILENCE
    assert other["OPTIONS"] == {**settings.SILENCE, "connect_timeout": "60"}


@pytest.mark.django_db(transaction=True)
def test_the_database_library_knows_what_we_ask_of_it() -> None:
    with psycopg.connect(**{**listening.connection_values(), **settings.SILENCE}) as own:
        assert own.execute("SELECT 1").fetchone() == (1,)
