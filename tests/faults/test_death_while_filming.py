"""A worker dies while it makes a video: another one makes it, and nothing half-made is left."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from loa.content.models import Post
from loa.content.rules.document import Attachment, Document, Part
from loa.library import filming, storage
from loa.library.actions import keep_upload, make_rendition
from loa.library.models import Asset, Rendition, RenditionOrder
from loa.library.queries import WATCH
from loa.library.tests.films import a_film
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.rules.lifecycle import DeliveryState as S
from practice_network.testing import Running
from tests.faults.workers import ROOT, all_work, database_url, eventually, is_settled
from tests.publish.scene import Scene, a_scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

KILL_AT_FSYNC = """
import os, signal, sys, django
django.setup()
from loa.library.storage import folder
folder.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
from loa.library.actions import make_rendition
make_rendition(order_id=int(sys.argv[1]), workspace_id=int(sys.argv[2]))
"""


@pytest.fixture
def scene(practice: Running) -> Scene:
    # Where the workers look, too; files of earlier tests have lost their rows.
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    return a_scene(practice)


@contextmanager
def a_process(*command: str, origin: str, temporary: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Loa's own program on the test's database, with a folder of its own for what passes."""
    temporary.mkdir(exist_ok=True)
    more = {"DATABASE_URL": database_url(), "LOA_EGRESS_ALLOW": origin, "LOA_LOG_LEVEL": "ERROR"}
    environment = {**os.environ, **more, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, *command], env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def kept(scene: Scene, content: bytes) -> Asset:
    with fence.inside(scene.workspace.pk):
        return keep_upload(BytesIO(content), filename="pha.mp4", by=scene.ana)


def orders(scene: Scene, **which: object) -> list[RenditionOrder]:
    with fence.inside(scene.workspace.pk):
        return list(RenditionOrder.objects.filter(**which).order_by("pk"))


def unnamed() -> list[str]:
    """Return the files that no row names, as loa tidy_media finds them, once they are old."""
    for one in Path(settings.MEDIA_ROOT).rglob("*"):
        os.utime(one, (1_000_000, 1_000_000))
    out = StringIO()
    call_command("tidy_media", stdout=out, stderr=StringIO())
    return [line.partition("\t")[0] for line in out.getvalue().splitlines()]


def children_of(pid: int) -> set[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_a_worker_killed_while_it_encodes_loses_neither_the_video_nor_the_post(
    scene: Scene, tmp_path: Path
) -> None:
    film = kept(scene, a_film(size="640x360", seconds=40, codec="mpeg4"))
    post, temporary = scene.post(scene.channel()), tmp_path / "temporary"
    with fence.inside(scene.workspace.pk):
        document = Document((Part("Sáng nay", (Attachment(film.pk),)),))
        Post.objects.filter(pk=post.pk).update(shared=document.to_json())
        actions.schedule_post(Post.objects.get(pk=post.pk), by=scene.ana)
    work = {"origin": scene.practice.base_url, "temporary": temporary}

    with a_process("-m", "loa.site.cli", "work", **work) as worker:  # type: ignore[arg-type]
        at_work = {"state": RenditionOrder.State.WORKING, "done_ms__gt": 0}
        assert eventually(lambda: bool(orders(scene, **at_work)), within_s=60)
        [interrupted] = orders(scene, **at_work)
        encoders = children_of(worker.pid)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert encoders
    assert eventually(
        lambda: not any(Path(f"/proc/{one}").exists() for one in encoders), within_s=9
    )
    with fence.inside(scene.workspace.pk):
        assert not Rendition.objects.filter(asset=film, need=interrupted.need).exists()
    assert list(temporary.iterdir()) == []

    with a_process("-m", "loa.site.cli", "work", **work):  # type: ignore[arg-type]
        assert eventually(lambda: all(map(is_settled, all_work())), within_s=120)
        made = RenditionOrder.State.MADE
        assert eventually(lambda: {one.state for one in orders(scene)} == {made}, within_s=60)

    [delivery] = all_work()
    assert (delivery.state, delivery.tries) == (S.DELIVERED, 0)
    assert Counter(scene.ledger()) == {"Sáng nay": 1}
    assert [one.tries for one in orders(scene, pk=interrupted.pk)] == [2]
    with fence.inside(scene.workspace.pk):
        keys = [one.storage_key for one in Rendition.objects.filter(mime_type="video/mp4")]
    for key in keys:
        with storage.open_file(key) as file:
            assert filming.measure(file, demuxer="mov").packet_count == 1000
    assert (len(keys), unnamed(), list(temporary.iterdir())) == (2, [], [])


def test_a_file_that_was_half_written_is_never_served_and_goes_when_media_are_tidied(
    scene: Scene, tmp_path: Path
) -> None:
    kept(scene, a_film())
    [order] = orders(scene, need=WATCH)
    before = {one.key for one in storage.listing()}

    words = (str(order.pk), str(scene.workspace.pk))
    with a_process("-c", KILL_AT_FSYNC, *words, origin="", temporary=tmp_path / "t") as process:
        assert process.wait(60) == -signal.SIGKILL

    [half] = {one.key for one in storage.listing()} - before
    with fence.inside(scene.workspace.pk):
        assert not Rendition.objects.filter(need=WATCH).exists()
        assert half not in Rendition.objects.values_list("storage_key", flat=True)
    with clock.ahead(timedelta(minutes=1)):
        make_rendition(order_id=order.pk, workspace_id=scene.workspace.pk)
    with fence.inside(scene.workspace.pk):
        key = Rendition.objects.get(need=WATCH).storage_key
    with storage.open_file(key) as file:
        assert filming.measure(file, demuxer="mov").packet_count == 50
    assert unnamed() == [half]
