"""A country changes its clocks: nine in the morning stays nine in the morning."""

import shutil
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from loa.content.models import Variant
from loa.content.rules.planned_time import PlannedTime
from loa.ops import clock, fence, zones
from loa.publish import actions
from loa.publish.jobs import rematerialise_times
from loa.publish.models import Delivery
from loa.today.queries.needs import needs_of
from loa.today.rules.needs import Kind
from loa.workspace.models import AuditEntry, Workspace
from tests import cast

pytestmark = pytest.mark.django_db

ZONE = "Test/Harbour"
NINE = datetime.fromisoformat("2026-12-01T09:00:00")
NOW = datetime(2026, 11, 16, 2, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """Make a zone database of our own, in which a harbour keeps Bangkok's time."""
    (tmp_path / "Test").mkdir()
    rules(tmp_path, like="Bangkok", version="2026x")
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zones.read_anew()
    yield tmp_path
    zoneinfo.reset_tzpath()
    zones.read_anew()


def rules(folder: Path, *, like: str, version: str) -> None:
    source = files("tzdata.zoneinfo.Asia") / like
    with source.open("rb") as read, (folder / ZONE).open("wb") as written:
        shutil.copyfileobj(read, written)
    (folder / "tzdata.zi").write_text(f"# version {version}\n", encoding="utf-8")


def planned(workspace: Workspace) -> Delivery:
    channel = cast.a_channel(workspace)
    post = cast.a_post(workspace, text="Chín giờ sáng", channels=(channel,))
    with fence.inside(workspace.pk), clock.at(NOW):
        variant = Variant.objects.get(post=post)
        actions.reschedule_variants(
            post, times={variant.pk: PlannedTime(NINE, ZONE)}, by=cast.the_owner(workspace)
        )
        [delivery] = actions.schedule_post(post, by=cast.the_owner(workspace))
    return delivery


def due_at(delivery: Delivery) -> datetime:
    with fence.inside(delivery.workspace_id):
        return Delivery.objects.get(pk=delivery.pk).due_at


def test_changed_rules_move_what_waits_and_say_so_once(database: Path) -> None:
    workspace = cast.a_workspace()
    delivery = planned(workspace)
    before = due_at(delivery)

    rules(database, like="Tokyo", version="2026y")
    with clock.at(NOW):
        rematerialise_times()
        rematerialise_times()

    after = due_at(delivery)
    assert before == datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert after == datetime(2026, 12, 1, 0, tzinfo=UTC)
    with fence.inside(workspace.pk):
        [variant] = Variant.objects.all()
        assert (variant.planned_at, variant.planned_local) == (after, "2026-12-01T09:00:00")
        entries = AuditEntry.objects.filter(action="post.zone_rules_changed")
        assert [one.detail["version"] for one in entries] == ["2026y"]
        assert Workspace.objects.get(pk=workspace.pk).zone_rules == "2026y"


def test_members_are_told_which_posts_moved(database: Path) -> None:
    workspace = cast.a_workspace()
    delivery = planned(workspace)
    rules(database, like="Tokyo", version="2026y")

    with clock.at(NOW):
        rematerialise_times()
        with fence.inside(workspace.pk):
            needs = needs_of(cast.the_owner(workspace), now=clock.now())

    [told] = [one for one in needs if one.kind is Kind.ZONE_MOVED]
    assert [one.post.pk for one in told.subjects if one.post] == [delivery.post_id]


def test_a_new_version_with_the_same_rules_moves_nothing(database: Path) -> None:
    workspace = cast.a_workspace()
    delivery = planned(workspace)
    before = due_at(delivery)

    rules(database, like="Bangkok", version="2026z")
    with clock.at(NOW):
        rematerialise_times()

    assert due_at(delivery) == before
    with fence.inside(workspace.pk):
        assert not AuditEntry.objects.filter(action="post.zone_rules_changed").exists()
        assert Workspace.objects.get(pk=workspace.pk).zone_rules == "2026z"


def test_the_version_is_read_from_the_database_in_use(database: Path) -> None:
    assert zones.database_version() == "2026x"

    (database / "tzdata.zi").unlink()

    assert zones.database_version()


def test_what_has_gone_out_keeps_the_time_at_which_it_went(database: Path) -> None:
    workspace = cast.a_workspace()
    delivery = planned(workspace)
    before = due_at(delivery)
    with fence.inside(workspace.pk):
        Delivery.objects.filter(pk=delivery.pk).update(
            state="delivered", external_id="1", delivered_at=NOW + timedelta(days=1)
        )
    rules(database, like="Tokyo", version="2026y")

    with clock.at(NOW):
        rematerialise_times()

    assert due_at(delivery) == before
