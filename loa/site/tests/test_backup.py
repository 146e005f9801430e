"""What is backed up comes back: rows, pictures and sealed grants; and nothing is sent twice."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loa.ops.postgres import roles, software, throwaway
from loa.site import restore
from loa.site.tests.installation import Installation, an_installation

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("backup")]

FILL = """
import json
from django.conf import settings
from tests import cast
from loa.ops import fence
bakery = cast.a_workspace("Riverside Bakery", owner=cast.a_person("Ana", password=cast.PASSWORD))
channel = cast.a_channel(bakery, secret={"access_token": "the sealed word"})
cast.a_post(bakery, title="Bánh mì nóng giòn", channels=(channel,))
picture = settings.MEDIA_ROOT / "ab" / "abcd.jpg"
picture.parent.mkdir(parents=True)
picture.write_bytes(b"a picture of bread")
"""

READ = """
import json
from django.conf import settings
from tests import cast
from loa.channels.models import Grant
from loa.content.models import Post
from loa.ops import fence
from loa.workspace import actions
from loa.workspace.models import User, Workspace
with fence.everywhere("read what was restored"):
    bakery = Workspace.objects.get(slug="riverside-bakery")
    grant = Grant.objects.get()
    opened = actions.open_for(
        bakery, grant.sealed_secret, table="channels_grant", row=grant.pk
    )
    found = {
        "secret": opened,
        "titles": [post.title for post in Post.objects.all()],
        "password": User.objects.get().check_password(cast.PASSWORD),
        "paused": bakery.sending_paused_at is not None,
        "picture": (settings.MEDIA_ROOT / "ab" / "abcd.jpg").read_text(),
    }
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Kept:
    """An installation with something in it, and its backup."""

    place: Installation
    file: Path


def inside(place: Installation, code: str, **more: str) -> str:
    done = place.run("manage", "shell", "--no-imports", "-c", code, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_again(place: Installation, **more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(inside(place, READ, **more).splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    file = tmp_path_factory.mktemp("kept") / "loa.backup"
    with an_installation() as place:
        migrated = place.run("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        inside(place, FILL)
        made = place.run("backup", str(file))
        assert made.returncode == 0, made.stderr
        yield Kept(place, file)


WHOLE = {
    "secret": {"access_token": "the sealed word"},
    "titles": ["Bánh mì nóng giòn"],
    "password": True,
    "paused": True,
    "picture": "a picture of bread",
}


def test_a_restored_installation_has_rows_pictures_and_open_grants_and_sends_nothing(
    kept: Kept,
) -> None:
    with an_installation() as place:
        done = place.run("restore", str(kept.file))
        found = read_again(place)
        trail = place.run("audit", "verify")
        report = place.run("doctor")

    assert done.returncode == 0, done.stderr
    assert "Sending is paused in every workspace" in done.stderr
    assert found == WHOLE
    assert trail.returncode == 0, trail.stderr
    assert "ok     The master keys open the grants of every workspace." in report.stdout
    assert "ok     Row-level security is on and forced" in report.stdout


def test_a_backup_says_that_media_in_a_bucket_are_not_inside(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "loa.backup"
    elsewhere = {"LOA_MEDIA_URL": "s3://loa-media"}

    made = kept.place.run("backup", str(file), **elsewhere)
    with an_installation() as place:
        done = place.run("restore", str(file), **elsewhere)
        media = [path for path in (place.home / "media").rglob("*") if path.is_file()]

    assert "Media lie in s3://loa-media and are not inside" in made.stderr
    assert "with 0 media files" in made.stderr
    assert "Media are read from s3://loa-media" in done.stderr
    assert (made.returncode, done.returncode, media) == (0, 0, [])


def test_an_embedded_installation_moves_to_a_server_of_ones_own(kept: Kept) -> None:
    names = roles.Names(database="bakery", owner="bakery_owner", app="bakery_app")
    with throwaway.server() as server, an_installation() as place:
        superuser = server.url("postgres", database="postgres")
        roles.run_script(
            superuser,
            names=names,
            owner_password="one",
            app_password="two",
            installation=software.installed(),
        )
        where = superuser.rpartition("@")[2].replace("/postgres?", "/bakery?")
        own = {
            "DATABASE_URL": f"postgresql://bakery_app:two@{where}",
            "DATABASE_OWNER_URL": f"postgresql://bakery_owner:one@{where}",
        }

        moved = place.run("restore", str(kept.file), **own)
        found = read_again(place, **own)
        again = place.home / "again.backup"
        backed_up = place.run("backup", str(again), **own)
        refused = Installation(place.home / "other").run("restore", str(again), **own)

    assert moved.returncode == 0, moved.stderr
    assert found == WHOLE
    assert backed_up.returncode == 0, backed_up.stderr
    assert (refused.returncode, "is not empty" in refused.stderr) == (1, True), refused.stderr


def test_a_restore_writes_over_nothing(kept: Kept) -> None:
    refused = kept.place.run("restore", str(kept.file))

    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert read_again(kept.place)["titles"] == WHOLE["titles"]


def test_a_backup_writes_over_nothing(kept: Kept) -> None:
    before = kept.file.read_bytes()

    refused = kept.place.run("backup", str(kept.file))

    assert refused.returncode == 1
    assert "exists already" in refused.stderr
    assert kept.file.read_bytes() == before


def test_a_damaged_backup_is_refused_and_the_next_try_starts_anew(
    kept: Kept, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(kept.file.read_bytes()[:-12_000])
    with an_installation() as place:
        refused = place.run("restore", str(damaged))
        start = place.run("up")
        done = place.run("restore", str(kept.file))
        found = read_again(place)

    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False), refused.stderr
    assert start.returncode == 1
    assert "did not come to its end" in start.stderr
    assert done.returncode == 0, done.stderr
    assert found == WHOLE


def test_a_backup_without_keys_says_what_is_missing(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "without.backup"

    made = kept.place.run("backup", str(file), "--without-keys")

    assert made.returncode == 0
    assert "keys are not inside" in made.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "tarfile", "--list", str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "secrets" not in listed.stdout
    assert restore.UNFINISHED not in listed.stdout
