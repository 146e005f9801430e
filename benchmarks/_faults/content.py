"""F10: poisoned pictures, a full disk, and no memory left."""

import secrets
import time
from io import BytesIO
from typing import TYPE_CHECKING

from benchmarks._faults.case import Case

if TYPE_CHECKING:
    from loa.library.models import Asset

PICTURES = 48
# What is done to each picture, by turns: most are left as they are.
KINDS = ("gone", "whole", "whole", "broken", "whole", "whole", "huge", "whole")
# What decoding may take here, and the sides of a picture that takes more: in the product both
# are larger, and so many pixels are refused before they cost anything.
DECODER_BYTES, HUGE_PX = 150_000_000, 5000
REASONS = {"gone": "loa.asset_missing", "broken": "loa.cannot_decode", "huge": "loa.cannot_decode"}


def poisoned(case: Case) -> None:
    """F10: pictures are gone, are no pictures any more, or need more memory than there is.

    And the disk is full: a picture that the platform takes only smaller must be made anew, which
    waits then, and goes on when there is room. Memory runs out where pictures are decoded, in a
    process of their own; a worker that the system kills for its memory is F1.
    """
    case.open_channels()
    case.write()
    expected = _attach(case)
    case.may_refuse = True
    case.put_down()
    little = {"FAULTS_DECODER_BYTES": str(DECODER_BYTES)}
    with case.workers(more={"FAULTS_DISK_FULL": "1", **little}):
        time.sleep(4)
    case.demand("disk full")
    with case.workers(more=little):
        case.settled()
    case.wrong += _mistaken(expected)


def _attach(case: Case) -> dict[int, str]:
    """Give every post a picture of a few dozen; return by post what was done to its picture."""
    from loa.content.rules.document import Attachment, Document, Part  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    done: dict[int, str] = {}
    with fence.inside(case.scene.workspace.pk):
        pictures = [_picture(case) for _ in range(min(PICTURES, len(case.posts)))]
        for number, asset in enumerate(pictures):
            _seem_too_large(asset)
            _poison(asset, KINDS[number % len(KINDS)])
        for number, post in enumerate(case.posts):
            place = number % len(pictures)
            asset = pictures[place]
            caption = post.document.parts[0].caption
            part = Part(caption, (Attachment(asset.pk, "", (0.0, 0.0)),))
            post.shared = Document((part,)).to_json()
            post.save(update_fields=["shared"])
            done[post.pk] = KINDS[place % len(KINDS)]
    return done


def _picture(case: Case) -> "Asset":
    from PIL import Image  # noqa: PLC0415

    from loa.library.actions import keep_upload  # noqa: PLC0415

    colours = tuple(secrets.randbelow(256) for _ in range(3))
    file = BytesIO()
    Image.new("RGB", (64 + secrets.randbelow(200), 64 + secrets.randbelow(200)), colours).save(
        file, "PNG"
    )
    return keep_upload(file, filename="banh.png", by=case.scene.ana)


def _poison(asset: "Asset", kind: str) -> None:
    from django.conf import settings  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from loa.library.models import Asset  # noqa: PLC0415

    file = settings.MEDIA_ROOT / asset.storage_key
    match kind:
        case "gone":
            Asset.objects.filter(pk=asset.pk).update(storage_key=f"{asset.storage_key}.gone")
        case "broken":
            file.write_bytes(b"no picture at all")
        case "huge":
            Image.new("RGB", (HUGE_PX, HUGE_PX)).save(file, "PNG")


def _seem_too_large(asset: "Asset") -> None:
    """Let the platform's limit ask for a smaller file, which must be made and kept."""
    from loa.library.models import Asset  # noqa: PLC0415

    Asset.objects.filter(pk=asset.pk).update(size_bytes=900_000_000)


def _mistaken(done: dict[int, str]) -> list[str]:
    from benchmarks._faults.rows import work  # noqa: PLC0415

    wrong = []
    for one in work():
        kind = done[one.post_id]
        failed = one.state == "failed" and one.needs_person
        as_it_should = one.state == "delivered" if kind == "whole" else failed
        if not as_it_should or one.failure_code != REASONS.get(kind, ""):
            wrong.append(f"delivery {one.pk} ({kind}) is {one.state} ({one.failure_code})")
        if kind == "huge" and "memory" not in one.failure_detail:
            wrong.append(f"delivery {one.pk} did not fail for its memory: {one.failure_detail}")
    return wrong
