"""The pages of an import, by hand and by command; and the same file twice at once."""

import io
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loa.content.models import Post
from loa.intake import actions
from loa.intake.models import Import, ImportRow
from loa.ops import fence
from loa.ops.sheets import is_workbook
from loa.workspace.models import Workspace
from tests import cast
from tests.jobs import run_enqueued
from tests.races import at_once

FILE = "Kênh;Ngày;Giờ;Nội dung\r\nben;17/11/2026;19:30;Nóng\r\nnowhere;17/11/2026;20:30;=Lạc\r\n"


@pytest.fixture
def bakery() -> Workspace:
    workspace = cast.a_workspace()
    cast.a_channel(workspace, handle="ben")
    return workspace


@pytest.fixture
def ana(bakery: Workspace) -> Client:
    return cast.signed_in(cast.ana(bakery))


def upload(
    client: Client, workspace: Workspace, text: str = FILE, name: str = "tháng 11.csv"
) -> str:
    answer = client.post(
        reverse("intake:upload", args=[workspace.slug]),
        {"file": SimpleUploadedFile(name, text.encode())},
    )
    assert answer.status_code == HTTPStatus.FOUND
    return str(answer["Location"])


def post_count(workspace: Workspace) -> int:
    with fence.inside(workspace.pk):
        return Post.objects.filter(deleted_at=None).count()


@pytest.mark.django_db
def test_a_file_is_looked_over_scheduled_and_taken_back_from_its_page(
    bakery: Workspace, ana: Client
) -> None:
    page = upload(ana, bakery)
    assert "Being read" in ana.get(page).content.decode()
    run_enqueued()
    looked_over = ana.get(page).content.decode()
    assert "There is no channel called “nowhere” here." in looked_over
    assert "Schedule 1 row" in looked_over

    ana.post(f"{page}start/", {"mode": "schedule"})
    run_enqueued()
    assert "1 became a post" in ana.get(page).content.decode()
    assert post_count(bakery) == 1

    ana.post(f"{page}undo/")
    run_enqueued()
    assert "Taken back" in ana.get(page).content.decode()
    assert post_count(bakery) == 0


@pytest.mark.django_db
def test_what_is_wrong_comes_back_as_a_file_that_can_be_mended_and_uploaded(
    bakery: Workspace, ana: Client
) -> None:
    page = upload(ana, bakery)
    run_enqueued()
    ana.post(f"{page}start/", {"mode": "drafts"})
    run_enqueued()

    answer = ana.get(f"{page}corrected/")
    text = answer.getvalue().decode("utf-8-sig")

    assert answer["Content-Disposition"].startswith("attachment")
    assert text.splitlines()[0] == "Kênh;Ngày;Giờ;Nội dung;To mend"
    assert "'=Lạc" in text  # no spreadsheet runs it
    second = upload(ana, bakery, text.replace("nowhere", "ben"))
    run_enqueued()
    ana.post(f"{second}start/", {"mode": "drafts"})
    run_enqueued()
    with fence.inside(bakery.pk):
        captions = {post.document.parts[0].caption for post in Post.objects.all()}
    assert captions == {"Nóng", "=Lạc"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_imported_as_it_is(
    bakery: Workspace, ana: Client, language: str, kind: str
) -> None:
    where = reverse("intake:template", args=[bakery.slug])
    answer = ana.get(where, {"kind": kind, "language": language})
    content = answer.getvalue()

    begun = ana.post(
        reverse("intake:upload", args=[bakery.slug]),
        {"file": SimpleUploadedFile(f"t.{kind}", content)},
    )
    run_enqueued()

    assert is_workbook(io.BytesIO(content)) is (kind == "xlsx")
    with fence.inside(bakery.pk):
        kept = Import.objects.latest("pk")
    assert (kept.state, kept.ready_count) == ("ready", 2), begun["Location"]


@pytest.mark.django_db
def test_a_page_of_rows_asks_no_more_for_more_rows(bakery: Workspace, ana: Client) -> None:
    ana.get(reverse("intake:imports", args=[bakery.slug]))  # its session knows the workspace
    counts = []
    for size in (3, 40):
        lines = [f"ben;;;Bài {size} {number}" for number in range(size)]
        page = upload(ana, bakery, "\n".join(["Kênh;Ngày;Giờ;Nội dung", *lines]))
        run_enqueued()
        with CaptureQueriesContext(connection) as asked:
            ana.get(page)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 30


@pytest.mark.django_db
def test_no_file_and_a_wrong_one_are_sentences(bakery: Workspace, ana: Client) -> None:
    nothing = ana.post(reverse("intake:upload", args=[bakery.slug]))
    page = upload(ana, bakery, "x,y\n1,2", "wrong.csv")
    run_enqueued()

    assert nothing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a file first" in nothing.content.decode()
    assert "The first row must name the columns" in ana.get(page).content.decode()


@pytest.mark.django_db
def test_html_in_a_row_stays_text(bakery: Workspace, ana: Client) -> None:
    page = upload(ana, bakery, 'Kênh,Nội dung\n"<b>x</b>","<script>alert(1)</script>"\n')
    run_enqueued()

    shown = ana.get(page).content.decode()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.django_db
def test_a_dry_run_says_everything_and_keeps_nothing(
    bakery: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "november.csv"
    file.write_text(FILE)

    call_command("import_posts", str(file), workspace=bakery.slug, dry_run=True)

    assert [line.split("\t")[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["2", "ready"],
        ["3", "unusable"],
    ]
    with fence.inside(bakery.pk):
        assert not Import.objects.exists()


@pytest.mark.django_db
def test_the_command_brings_in_what_is_fit_and_fails_for_the_rest(
    bakery: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "november.csv"
    file.write_text(FILE)

    with pytest.raises(CommandError, match="Not every row"):
        call_command("import_posts", str(file), workspace=bakery.slug, schedule=True)

    assert post_count(bakery) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_makes_each_post_once(bakery: Workspace) -> None:
    owner = cast.ana(bakery)
    text = "Kênh,Nội dung\n" + "".join(f"ben,Bài {number}\n" for number in range(60))
    begun = []
    for _ in range(2):
        with fence.inside(bakery.pk):
            one = actions.begin_import(owner, file=io.BytesIO(text.encode()), filename="x.csv")
        actions.read_import(workspace_id=bakery.pk, import_id=one.pk)
        begun.append(one)
    started = []
    for one in begun:
        with fence.inside(bakery.pk):
            started.append(actions.start_import(one, mode="drafts", by=owner))

    def run(one: Import) -> None:
        actions.run_import(workspace_id=bakery.pk, import_id=one.pk, attempt=one.attempt)

    # Each file is run by two workers as well, as after a crash that was none.
    outcomes = at_once(*(lambda one=one: run(one) for one in (*started, *started)))

    assert outcomes == [None] * 4
    assert post_count(bakery) == 60
    with fence.inside(bakery.pk):
        assert ImportRow.objects.filter(state="done").count() == 60
        assert ImportRow.objects.filter(state="refused").count() == 60
