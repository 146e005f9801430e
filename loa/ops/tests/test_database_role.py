"""The tests themselves run as the product does."""

import pytest
from django.db import connection

from loa.ops import fence


@pytest.mark.django_db
def test_tests_run_as_a_role_that_row_level_security_binds() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, pg_has_role(current_user, tableowner, 'MEMBER')"
            " FROM pg_roles, pg_tables WHERE rolname = current_user"
            " AND tablename = 'workspace_auditentry'"
        )
        row = cursor.fetchone()

    assert row == (False, False, False)


@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_transactions_can_use_the_fence() -> None:
    with fence.inside(7):
        assert fence.current() == "7"

    assert fence.current() == ""
