"""What the tests of imports have in common: upload, start, and look at the rows."""

import io

from loa.content.models import Post
from loa.intake import actions
from loa.intake.models import Import, ImportRow
from loa.ops import fence
from loa.workspace.models import Member, Workspace
from tests.jobs import run_enqueued

HEADER = "Kênh;Ngày;Giờ;Nội dung;Chiến dịch"


def begin(by: Member, text: str | bytes, filename: str = "tháng 12.csv") -> Import:
    content = text if isinstance(text, bytes) else text.encode()
    with fence.inside(by.workspace_id):
        begun = actions.begin_import(by, file=io.BytesIO(content), filename=filename)
    run_enqueued()
    return again(begun)


def again(of: Import) -> Import:
    with fence.inside(of.workspace_id):
        return Import.objects.select_related("workspace").get(pk=of.pk)


def start(of: Import, mode: str, by: Member) -> Import:
    with fence.inside(of.workspace_id):
        actions.start_import(of, mode=mode, by=by)
    run_enqueued()
    return again(of)


def rows(of: Import) -> list[ImportRow]:
    with fence.inside(of.workspace_id):
        return list(ImportRow.objects.filter(of=of).select_related("post").order_by("number"))


def codes(row: ImportRow) -> list[str]:
    return [one["code"] for one in row.findings]


def posts(workspace: Workspace) -> list[Post]:
    with fence.inside(workspace.pk):
        return list(Post.objects.filter(deleted_at=None).order_by("pk"))


def a_file(*lines: str, header: str = HEADER) -> str:
    return "\r\n".join([header, *lines])
