"""Send one delivery, part by part: stage, mark, call, record. Nothing here is tried twice."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from loa.connectors import transport
from loa.connectors.contract import Answer, Media, OutgoingPart, Published, Request, Staged
from loa.connectors.errors import ChannelLost, ConnectorError, GrantExpired
from loa.kernel.errors import LoaError
from loa.ops import clock, log_ids
from loa.ops.listening import AWAY
from loa.publish.dispatcher.markers import Mark
from loa.publish.dispatcher.opening import OpenChannels, Opened
from loa.publish.dispatcher.pace import Checkpoint, Pace, no_checkpoint
from loa.publish.dispatcher.recorder import NotMarked, Recorder
from loa.publish.dispatcher.told import Told
from loa.publish.dispatcher.work import Ended, HeldPart, Work
from loa.publish.rules import retries, threading

STAGE_BUDGET_S = 300.0
PUBLISH_BUDGET_S = 90.0
LOOK_BUDGET_S = 60.0
_log = logging.getLogger(__name__)


class TooLate(Exception):
    """This process stood still between marker and call: the call must not be made any more."""


@dataclass(slots=True)
class _Try:
    """One try at one part. marked: the visible call may have been written."""

    work: Work
    part: HeldPart
    started_at: datetime
    step: str = "stage"
    opened: Opened | None = None
    media: tuple[Media, ...] = ()
    marked: bool = False


class Sender:
    """Sends and looks up, in whatever thread calls it. Never raises."""

    def __init__(
        self, recorder: Recorder, pace: Pace, *, checkpoint: Checkpoint = no_checkpoint
    ) -> None:
        self._recorder = recorder
        self._pace = pace
        self._checkpoint = checkpoint
        self._channels = OpenChannels()
        self.told = Told()

    def get_ready(self, works: Iterable[Work]) -> None:
        """Open the channels of what was claimed, before the senders ask for them one by one."""
        self._channels.open_ahead(works)

    def give_connections_back(self) -> None:
        """Use a database connection only for moments: this runs in threads of its own."""
        self._channels.keeps_connection = False

    def work_on(self, work: Work) -> None:
        """Send `work`, or look it up when it is in doubt, and record how that ended."""
        with log_ids.about(delivery_id=work.delivery_id, workspace_id=work.workspace_id):
            self._work_on(work)

    def _work_on(self, work: Work) -> None:
        try:
            if work.is_doubt:
                self._look_up(work)
            else:
                self._send(work)
        except Exception:  # noqa: BLE001 - a sender thread must live on
            # Nothing is lost: the lease runs out and the sweeper finds the row.
            _log.exception("delivery %s was dropped", work.delivery_id)
            self._recorder.forget(work.delivery_id)

    # --- sending --------------------------------------------------------------------------

    def _send(self, work: Work) -> None:
        self._checkpoint("send.begun")
        while (part := work.next_part()) is not None:
            one = _Try(work, part, clock.now())
            published = self._try(one)
            if published is None:
                return
            ended = self._ended(one, published=published)
            # The end of a delivery is written together with the next marker at the latest, and
            # before it; only a next part must not begin before this one is durable.
            self._recorder.record(ended, wait=ended.more)
            part.published = published

    def _try(self, one: _Try) -> Published | None:
        """Return the proof that the part is live; None when it is not, and that is recorded."""
        try:
            return self._publish(one)
        except NotMarked as refused:
            if refused.gone:
                self._recorder.forget(one.work.delivery_id)
            else:
                self._recorder.record(self._ended(one, let_go=True))
        except (TooLate, *AWAY):
            self._recorder.record(self._ended(one, let_go=True))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is sorted and recorded
            self._recorder.record(self._ended(one, failure=self._sorted(one, error)))
        return None

    def _publish(self, one: _Try) -> Published:
        work, part = one.work, one.part
        opened = one.opened = self._channels.open(work)
        one.media = self._channels.pictures(opened, work.frozen.document.parts[part.position])
        out = threading.outgoing_part(
            work.frozen,
            part.position,
            key=part.key,
            reference=part.reference,
            earlier=work.live,
            media=one.media,
            uploads=part.uploads,
        )
        staged = self._stage(opened, out)
        self._checkpoint("stage.done")
        one.step = "publish"
        mark = Mark(work, part, threading.staged_to_json(staged))
        if mark.staged is not None:
            out = replace(out, staged=staged.media, link_card=staged.link_card)
        published = transport.drive(
            opened.connector.publish(out, opened.ref),
            platform=work.platform,
            before_visible=partial(self._before_visible, one, mark),
            on_answer=partial(self._hear, opened),
            budget_s=PUBLISH_BUDGET_S,
        )
        self._checkpoint("visible.answered")
        return published

    def _stage(self, opened: Opened, out: OutgoingPart) -> Staged:
        flow = opened.connector.stage(out, opened.ref)
        return transport.drive(
            flow,
            platform=opened.connector.name,
            on_answer=partial(self._hear, opened),
            budget_s=STAGE_BUDGET_S,
        )

    def _hear(self, opened: Opened, request: Request, answer: Answer) -> None:
        """Note what an answer says beside what was asked."""
        self.told.hear(opened.connector, request, answer, channel=opened.channel)

    def _before_visible(self, one: _Try, mark: Mark) -> None:
        """Let the visible call be written: the marker is durable and this process was awake."""
        began = clock.monotonic_s()
        self._recorder.mark(mark)
        self._checkpoint("visible.before")
        if clock.monotonic_s() - began > self._pace.patience.write_window.total_seconds():
            raise TooLate
        one.marked = True

    def _sorted(self, one: _Try, error: Exception) -> retries.Failure:
        """Sort what went wrong, and do for the channel what must be done at once."""
        foreseen = isinstance(error, LoaError)
        _log.log(
            logging.INFO if foreseen else logging.ERROR,
            "delivery %s: %s",
            one.work.delivery_id,
            error,
            exc_info=not foreseen,
        )
        try:
            error = self._after_grant_trouble(one, error)
        except ConnectorError as instead:
            error = instead
        return retries.failure_of(error, visible=one.marked)

    def _after_grant_trouble(self, one: _Try, error: Exception) -> Exception:
        """Renew an expired grant, or note that it is gone. Returns what to record."""
        if isinstance(error, GrantExpired) and one.opened is not None:
            try:
                self._channels.renew(one.opened)
            except ChannelLost as lost:
                error = lost
        if isinstance(error, ChannelLost) and not self._channels.is_lost(
            one.work, one.opened, error
        ):
            return GrantExpired(error.detail, platform=error.platform, code="grant.replaced")
        return error

    # --- looking --------------------------------------------------------------------------

    def _look_up(self, work: Work) -> None:
        part = work.next_part()
        if part is None:
            raise RuntimeError("every part is live, there is nothing to look up")
        one = _Try(work, part, clock.now(), step="look_up")
        try:
            found = self._found(one)
        except AWAY:
            return  # somebody looks when look_at comes again
        except Exception as error:  # noqa: BLE001 - "could not look" is recorded as such
            failure = retries.failure_of(error, visible=False)
            if isinstance(error, ChannelLost | GrantExpired):
                failure = self._sorted(one, error)
            self._recorder.record(self._ended(one, failure=failure))
            return
        if found is None:
            self._recorder.record(self._ended(one, missing=True))
        else:
            self._recorder.record(self._ended(one, published=found))

    def _found(self, one: _Try) -> Published | None:
        work, part = one.work, one.part
        opened = one.opened = self._channels.open(work)
        staged = threading.staged_from_json(part.staged)
        media = self._channels.pictures(opened, work.frozen.document.parts[part.position])
        out = threading.outgoing_part(
            work.frozen,
            part.position,
            key=part.key,
            reference=part.reference,
            earlier=work.live,
            media=media,
            staged=staged,
        )
        out = replace(out, taken_ids=self._channels.taken_ids(work))
        self._checkpoint("look.before")
        found = transport.drive(
            opened.connector.look_up(out, opened.ref),
            platform=work.platform,
            budget_s=LOOK_BUDGET_S,
        )
        self._checkpoint("look.after")
        return found

    def _ended(
        self,
        one: _Try,
        *,
        published: Published | None = None,
        failure: retries.Failure | None = None,
        missing: bool = False,
        let_go: bool = False,
    ) -> Ended:
        uploads = threading.uploads_to_json(one.media, failure.uploads) if failure else None
        return Ended(
            one.work,
            one.part,
            one.step,
            one.started_at,
            uploads=uploads or None,
            published=published,
            failure=failure,
            missing=missing,
            let_go=let_go,
        )
