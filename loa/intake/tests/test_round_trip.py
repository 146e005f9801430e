"""What the calendar exports, an import takes: the two speak of the same columns."""

import pytest
from django.urls import reverse

from loa.channels.models import Channel
from loa.intake.tests.importing import begin, codes, posts, rows, start
from loa.ops import fence
from loa.plan.tests.planning import at, planned_times
from loa.workspace.models import Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exported_calendar_can_be_imported_elsewhere(
    bakery: Workspace, channel: Channel, language: str, kind: str
) -> None:
    cast.a_post(
        bakery, title="Sáng", text="=Nóng", channels=(channel,), due_at=at("2026-11-17 08:00")
    )
    reader = cast.a_member(bakery, "viewer", user=cast.a_person("Lan", language=language))
    where = reverse("plan:export", args=[bakery.slug])
    asked = {"as": kind, "view": "week", "on": "2026-11-16"}
    file: bytes = cast.signed_in(reader).get(where, asked).getvalue()
    elsewhere = cast.a_workspace("Phố")
    cast.a_channel(elsewhere, name=channel.name)

    begun = begin(cast.ana(elsewhere), file, f"lich.{kind}")
    start(begun, "drafts", cast.ana(elsewhere))

    [post] = posts(elsewhere)
    assert (post.title, post.document.parts[0].caption) == ("Sáng", "=Nóng")
    assert list(planned_times(post).values()) == ["17 08:00"]


def test_importing_it_where_it_came_from_finds_the_posts_there(
    bakery: Workspace, channel: Channel
) -> None:
    cast.a_post(bakery, text="Nóng", channels=(channel,), due_at=at("2026-11-17 08:00"))
    where = reverse("plan:export", args=[bakery.slug])
    client = cast.signed_in(cast.ana(bakery))
    file: bytes = client.get(where, {"as": "csv", "on": "2026-11-16"}).getvalue()

    begun = begin(cast.ana(bakery), file)

    assert [codes(row)[0] for row in rows(begun)] == ["row.exists"]
    with fence.inside(bakery.pk):
        assert begun.unusable_count == 1
