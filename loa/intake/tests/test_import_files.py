"""Files of all kinds: what cannot be read, workbooks, pictures, and how much is asked."""

import errno
import io
import shutil
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loa.intake import actions
from loa.intake.tests.feeding import a_picture, a_website
from loa.intake.tests.importing import HEADER, a_file, again, begin, codes, posts, rows, start
from loa.ops import clock, fence, sheets
from loa.workspace.models import Workspace
from tests import cast
from tests.jobs import run_enqueued

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("channel")
@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 90, "old_workbook"),
        (b"a,b,c\n1,2,3", "wrong_header"),
        (HEADER.encode(), "no_rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    bakery: Workspace, content: bytes, trouble: str
) -> None:
    begun = begin(cast.ana(bakery), content)

    assert (begun.state, begun.trouble) == ("unreadable", trouble)


@pytest.mark.usefixtures("channel")
def test_more_rows_than_an_import_takes_is_a_sentence(bakery: Workspace) -> None:
    begun = begin(cast.ana(bakery), a_file(*["ben;;;Bài;"] * 50_001))

    assert (begun.trouble, rows(begun)) == ("too_many_rows", [])


@pytest.mark.usefixtures("channel")
def test_a_person_may_say_how_the_file_is_written(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(ana, a_file("ben;;;Bánh mì;"))

    with fence.inside(bakery.pk):
        actions.read_again(begun, encoding="cp1252", separator=";")
    run_enqueued()

    assert (again(begun).encoding, again(begun).trouble) == ("cp1252", "wrong_encoding")
    with fence.inside(bakery.pk):
        actions.read_again(again(begun), encoding="", separator="")
    run_enqueued()
    assert (again(begun).encoding, again(begun).ready_count) == ("utf-8-sig", 1)


@pytest.mark.usefixtures("channel")
def test_a_workbook_is_read_with_its_threads_and_languages(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    table = [
        ["Channels", "Caption", "Part 2", "First comment", "Language"],
        ["ben", "=One", "Two", "@menu", "English"],
    ]
    with sheets.workbook(table, title="x") as book:
        begun = begin(ana, book.read(), "plan.xlsx")

    start(begun, "drafts", ana)

    [post] = posts(bakery)
    assert [part.caption for part in post.document.parts] == ["=One", "Two"]
    assert (post.document.first_comment, post.language) == ("@menu", "en")


@pytest.mark.usefixtures("channel")
def test_pictures_come_from_the_library_by_name(
    bakery: Workspace,
) -> None:
    ana = cast.ana(bakery)
    asset = cast.an_asset(bakery, filename="Bánh mì.jpg")
    begun = begin(
        ana,
        a_file(
            "ben;Nóng;banh mi;Một ổ bánh",
            "ben;Lạnh;nowhere.png;",
            header="Kênh;Nội dung;Hình ảnh;Mô tả ảnh",
        ),
    )

    start(begun, "drafts", ana)

    [found, missing] = rows(begun)
    assert missing.fit == "unusable"
    assert found.post is not None
    [attachment] = found.post.document.parts[0].attachments
    assert (attachment.asset_id, attachment.alt_text) == (asset.pk, "Một ổ bánh")


@pytest.mark.usefixtures("channel")
def test_a_picture_on_a_private_address_is_refused_and_the_others_go_on(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(
        ana,
        a_file(
            "ben;Nóng;http://169.254.169.254/latest/x.png",
            "ben;Lạnh;",
            header="Kênh;Nội dung;Hình ảnh",
        ),
    )

    done = start(begun, "drafts", ana)

    [refused, fine] = rows(begun)
    assert (refused.state, codes(refused)[-1]) == ("refused", "row.image_unreachable")
    assert (fine.state, done.refused_count) == ("done", 1)


@pytest.mark.usefixtures("channel")
def test_reading_asks_the_same_questions_however_many_rows(bakery: Workspace) -> None:
    counts = []
    for size in (5, 200):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            begin(cast.ana(bakery), a_file(*(f"ben;;;Bài {size} {n};" for n in range(size))))
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("channel")
def test_a_long_gap_between_upload_and_start_refuses_what_has_passed(bakery: Workspace) -> None:
    ana = cast.ana(bakery)
    begun = begin(ana, a_file("ben;17/11/2026;19:30;Nóng;", "ben;27/11/2026;19:30;Sau;"))

    with clock.ahead(timedelta(days=3)):
        done = start(begun, "schedule", ana)

    assert [row.state for row in rows(begun)] == ["refused", "done"]
    assert codes(rows(begun)[0]) == ["row.past"]
    assert done.refused_count == 1


@pytest.mark.usefixtures("channel")
def test_a_full_disk_while_reading_is_told_and_the_file_can_be_read_again(
    bakery: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _content: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("loa.intake.actions.reading.tempfile.TemporaryFile", Full)
        begun = begin(cast.ana(bakery), a_file("ben;;;Nóng;"))
    assert (begun.state, begun.trouble) == ("unreadable", "disk_full")

    with fence.inside(bakery.pk):
        actions.read_again(begun, encoding="", separator="")
    run_enqueued()

    assert again(begun).ready_count == 1


@pytest.mark.usefixtures("channel")
def test_a_full_disk_while_pictures_come_stops_the_import_which_then_goes_on(
    bakery: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_said: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    ana = cast.ana(bakery)
    with a_website() as blog:
        blog.pictures["/a.png"] = a_picture()
        lines = (f"ben;Nóng;{blog.origin}/a.png", "ben;Lạnh;")
        begun = begin(ana, a_file(*lines, header="Kênh;Nội dung;Hình ảnh"))
        with monkeypatch.context() as patched:
            patched.setattr(shutil, "copyfileobj", no_room)
            stopped = start(begun, "drafts", ana)
        assert (stopped.state, stopped.trouble, posts(bakery)) == ("cancelled", "storage", [])

        done = start(begun, "drafts", ana)

    assert (done.state, done.done_count, done.refused_count) == ("done", 2, 0)


@pytest.mark.usefixtures("channel")
@pytest.mark.parametrize("encoding", ["cp1258", "utf-16", "utf-8-sig"])
def test_a_file_as_excel_in_vietnam_writes_it_becomes_posts(
    bakery: Workspace, encoding: str
) -> None:
    said = "Bánh mì nóng giòn, mời anh chị ghé quán!"
    text = a_file(f"ben;17/11/2026;19:30;{said};")
    content = windows_1258(text) if encoding == "cp1258" else text.encode(encoding)

    begun = begin(cast.ana(bakery), content)
    start(begun, "drafts", cast.ana(bakery))

    assert begun.encoding == encoding
    assert [one.document.parts[0].caption for one in posts(bakery)] == [said]


TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Return `text` as that code page has it: five tones stand behind their letter."""
    written = []
    for mark in unicodedata.normalize("NFC", text):
        try:
            written.append(mark.encode("cp1258"))
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", mark)
            tone = next(one for one in apart if one in TONES)
            letter = unicodedata.normalize("NFC", apart.replace(tone, ""))
            written.append((letter + tone).encode("cp1258"))
    return b"".join(written)
