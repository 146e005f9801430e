"""F10, F11: poisoned pictures and a full disk; edits and cancellations around the claim."""

import secrets
import time
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING

from benchmarks._faults.case import Case, disconnect

if TYPE_CHECKING:
    from loa.library.models import Asset

POISONED_EVERY = 4
PICTURES = 48


def poisoned(case: Case) -> None:
    """F10: some pictures are gone, some are no pictures any more, and the disk is full.

    A picture that the platform takes only smaller must be made anew; on a full disk that
    waits, and goes on when there is room.
    """
    case.open_channels()
    case.write()
    expected = _attach(case)
    case.may_refuse = True
    case.put_down()
    with case.workers(more={"FAULTS_DISK_FULL": "1"}):
        time.sleep(4)
    case.finish()
    case.wrong += _mistaken(expected)


def edited(case: Case) -> None:
    """F11: each post is edited, and every third cancelled, while workers claim."""
    case.may_refuse = True
    case.make_due(parts=2)
    told: dict[int, str] = {}
    meddling = Thread(target=_meddle, args=(case, told))
    meddling.start()
    time.sleep(case.chance.uniform(0, 0.3))
    with case.workers(2):
        case.settled()
        meddling.join()
        case.settled()
    _judge_edits(case, told)


def _attach(case: Case) -> dict[int, bool]:
    """Give every post a picture of a few dozen; return by post whether its picture can be used."""
    from loa.content.rules.document import Attachment, Document, Part  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415

    usable: dict[int, bool] = {}
    with fence.inside(case.scene.workspace.pk):
        pictures = [_picture(case) for _ in range(min(PICTURES, len(case.posts)))]
        for number, asset in enumerate(pictures):
            _seem_too_large(asset)
            if number % POISONED_EVERY == 0:
                _poison(asset, gone=number % (2 * POISONED_EVERY) == 0)
        for number, post in enumerate(case.posts):
            place = number % len(pictures)
            asset, good = pictures[place], place % POISONED_EVERY != 0
            caption = post.document.parts[0].caption
            part = Part(caption, (Attachment(asset.pk, "", (0.0, 0.0)),))
            post.shared = Document((part,)).to_json()
            post.save(update_fields=["shared"])
            usable[post.pk] = good
    return usable


def _picture(case: Case) -> "Asset":
    from PIL import Image  # noqa: PLC0415

    from loa.library.actions import keep_upload  # noqa: PLC0415

    colours = tuple(secrets.randbelow(256) for _ in range(3))
    file = BytesIO()
    Image.new("RGB", (64 + secrets.randbelow(200), 64 + secrets.randbelow(200)), colours).save(
        file, "PNG"
    )
    return keep_upload(file, filename="banh.png", by=case.scene.ana)


def _poison(asset: "Asset", *, gone: bool) -> None:
    from loa.library.models import Asset  # noqa: PLC0415

    if gone:
        Asset.objects.filter(pk=asset.pk).update(storage_key=f"{asset.storage_key}.gone")
    else:
        from django.conf import settings  # noqa: PLC0415

        (settings.MEDIA_ROOT / asset.storage_key).write_bytes(b"no picture at all")


def _seem_too_large(asset: "Asset") -> None:
    """Let the platform's limit ask for a smaller file, which must be made and kept."""
    from loa.library.models import Asset  # noqa: PLC0415

    Asset.objects.filter(pk=asset.pk).update(size_bytes=900_000_000)


def _mistaken(usable: dict[int, bool]) -> list[str]:
    from benchmarks._faults.case import work  # noqa: PLC0415

    return [
        f"delivery {one.pk} is {one.state} ({one.failure_code})"
        for one in work()
        if usable[one.post_id] != (one.state == "delivered")
        or (one.state == "failed" and not (one.failure_code and one.needs_person))
    ]


def _meddle(case: Case, told: dict[int, str]) -> None:
    from loa.content.models import Post  # noqa: PLC0415
    from loa.content.rules.document import Document, Part  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish import actions  # noqa: PLC0415

    try:
        for number, post in enumerate(case.posts):
            said = [part.caption for part in post.document.parts]
            new = Document(tuple(Part(f"{caption} new") for caption in said))
            with fence.inside(case.scene.workspace.pk):
                locked = Post.objects.select_for_update().get(pk=post.pk)
                locked.shared = new.to_json()
                locked.save(update_fields=["shared"])
            if number % 3 == 0:
                try:
                    with fence.inside(case.scene.workspace.pk):
                        delivery = post.deliveries.get(after=None)
                        actions.cancel_delivery(delivery, by=case.scene.ana)
                    told[post.pk] = "cancelled"
                except actions.CannotCancel as refusal:
                    told[post.pk] = type(refusal).__name__
            time.sleep(0.005)
    finally:
        disconnect()


def _judge_edits(case: Case, told: dict[int, str]) -> None:
    """Nothing is a mixture of old words and new, and what was told as cancelled is not live."""
    live = set(case.scene.ledger())
    for post in case.posts:
        old = [part.caption for part in post.document.parts]
        new = [f"{caption} new" for caption in old]
        seen = [text for text in old + new if text in live]
        if seen not in ([], old, new):
            case.wrong.append(f"post {post.pk} went out as {seen}")
        if told.get(post.pk) == "cancelled" and seen:
            case.wrong.append(f"post {post.pk} was cancelled and went out")
