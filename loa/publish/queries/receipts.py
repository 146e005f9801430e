"""The receipt of one delivery: what was promised, what went out, how we know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from loa.content.rules.document import Attachment, Document
from loa.library.models import Asset
from loa.publish.models import Attempt, Delivery, DeliveryPart
from loa.publish.queries.doubts import judged_from
from loa.publish.rules import remedies, threading
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.publish.rules.remedies import Remedy
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture as it went out. asset: None when the library does not have it any more."""

    attachment: Attachment
    asset: Asset | None

    @property
    def alt_text(self) -> str:
        """What it says to those who cannot see it."""
        own = self.attachment.alt_text
        return own if own is not None else self.asset.alt_text if self.asset else ""


@dataclass(frozen=True, slots=True)
class PartShown:
    """One message: its words and pictures, and what became of it. row: None before a claim."""

    number: int
    caption: str
    pictures: tuple[PictureShown, ...]
    row: DeliveryPart | None

    @property
    def state(self) -> str:
        """Where it is: due, sending or delivered."""
        return self.row.state if self.row else S.DUE

    @property
    def is_live(self) -> bool:
        """True when it is known to be live."""
        return self.state == S.DELIVERED


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything a person needs to see that a delivery was done right, or to decide.

    is_frozen: the words are those that were claimed; else they are the variant's as of now.
    judged_from: when it is uncertain, from when on "not there" means something.
    """

    delivery: Delivery
    document: Document
    is_frozen: bool
    parts: tuple[PartShown, ...]
    first_comment: Delivery | None
    attempts: tuple[Attempt, ...]
    remedy: Remedy
    judged_from: datetime | None

    @property
    def live_count(self) -> int:
        """How many parts are known to be live."""
        return sum(part.is_live for part in self.parts)

    @property
    def is_thread(self) -> bool:
        """True when it has more than one part."""
        return len(self.parts) > 1

    @property
    def doubtful_number(self) -> int:
        """The number of the first part that is not known to be live; 0 when all are."""
        return next((part.number for part in self.parts if not part.is_live), 0)

    @property
    def is_partly_live(self) -> bool:
        """True when some parts are live and others are not."""
        return 0 < self.live_count < len(self.parts)


def with_names(workspace: Workspace) -> QuerySet[Delivery]:
    """Return the deliveries of `workspace` with what a receipt shows of each."""
    return Delivery.all_work.in_workspace(workspace).select_related(
        "channel",
        "workspace",
        "post__workspace",
        "variant__post",
        "after__channel",
        "scheduled_by__user",
        "settled_by__user",
    )


def receipt(delivery: Delivery) -> Receipt:
    """Return the receipt of a delivery that came from `with_names`."""
    document, is_frozen = said_by(delivery)
    rows = {row.position: row for row in delivery.parts.order_by("position")}
    assets = Asset.objects.filter(workspace=delivery.workspace).in_bulk(document.asset_ids())
    parts = tuple(
        PartShown(
            number=position + 1,
            caption=part.caption,
            pictures=_pictures(part.attachments, assets),
            row=rows.get(position),
        )
        for position, part in enumerate(document.parts)
    )
    return Receipt(
        delivery=delivery,
        document=document,
        is_frozen=is_frozen,
        parts=parts,
        first_comment=Delivery.all_work.filter(after=delivery).select_related("channel").first(),
        attempts=tuple(delivery.attempt_log.order_by("started_at", "pk")),
        remedy=remedies.remedy(delivery.failure_code),
        judged_from=judged_from(delivery) if delivery.state == S.UNCERTAIN else None,
    )


def said_by(delivery: Delivery) -> tuple[Document, bool]:
    """Return what a delivery says, and whether that is frozen."""
    if delivery.outgoing:
        return threading.frozen_from_json(delivery.outgoing).document, True
    if delivery.variant is not None:
        return delivery.variant.document, False
    return Document(), False


def _pictures(
    attachments: tuple[Attachment, ...], assets: Mapping[int, Asset]
) -> tuple[PictureShown, ...]:
    return tuple(PictureShown(one, assets.get(one.asset_id)) for one in attachments)
