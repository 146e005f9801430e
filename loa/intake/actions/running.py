"""Make posts of the rows that are fit for it, by the same actions as the composer."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from loa.content.actions.campaigns import CampaignNameTaken, add_campaign
from loa.content.rules.findings import Finding, Severity, blocks
from loa.content.rules.revisions import PostState
from loa.create import actions as create
from loa.intake.actions.holding import NotNow, announce, batch, locked
from loa.intake.actions.pictures import Fetched, Pictures
from loa.intake.models import Import, ImportRow
from loa.intake.queries import names_in, next_rows
from loa.intake.queries.surroundings import campaigns_in
from loa.intake.rules.columns import Column, by_column
from loa.intake.rules.judging import Wanted, find, with_fetched
from loa.intake.rules.rows import Asked, read_row
from loa.intake.rules.stored import findings_to_json
from loa.kernel.errors import LoaError
from loa.kernel.text import fold
from loa.library.storage import StorageError
from loa.ops import clock, fence, jobs
from loa.plan.actions import effective_time
from loa.publish import actions as publish
from loa.workspace.actions import record_audit
from loa.workspace.models import Member, Workspace
from loa.workspace.rules.permissions import Ability

ROWS_AT_ONCE = 200
ADDRESSES_AT_ONCE = 25
State, Mode = Import.State, Import.Mode


class MayNotSchedule(LoaError):
    """The member may write posts, but not hand them over to be sent."""


def start_import(of: Import, *, mode: str, by: Member) -> Import:
    """Bring the rows in, in the background. NotNow when it is not ready; MayNotSchedule."""
    if mode == Mode.SCHEDULE and not by.may(Ability.SCHEDULE):
        raise MayNotSchedule(f"member {by.pk}")
    with transaction.atomic():
        held = locked(of)
        if held.state not in {State.READY, State.CANCELLED} or mode not in set(Mode):
            raise NotNow(held.state)
        held.state, held.mode, held.started_by = State.RUNNING, Mode(mode), by
        held.attempt += 1
        held.trouble, held.finished_at = "", None
        held.save()
        held.pieces.all().delete()
        jobs.enqueue(
            "intake.run_import",
            workspace_id=held.workspace_id,
            import_id=held.pk,
            attempt=held.attempt,
        )
        announce(held)
        _audit(held, "import.started", by=by, mode=mode, rows=held.row_count)
    return held


def stop_import(of: Import, *, by: Member) -> Import:
    """Stop reading or bringing in; what is in stays. NotNow when nothing is under way."""
    with transaction.atomic():
        held = locked(of)
        if held.state not in {State.READING, State.RUNNING}:
            raise NotNow(held.state)
        was_running = held.state == State.RUNNING
        held.state = State.CANCELLED if was_running else State.UNREADABLE
        held.trouble = "" if was_running else "stopped"
        held.finished_at = clock.now()
        held.save(update_fields=["state", "trouble", "finished_at"])
        announce(held)
        _audit(held, "import.stopped", by=by, done=held.done_count)
    return held


def run_import(*, workspace_id: int, import_id: int, attempt: int) -> None:
    """Bring in what waits, some rows a transaction. Running twice is harmless.

    A row and its post are committed together, so what a killed job did is known to the next.
    """
    pictures = Pictures(workspace_id)
    while True:
        with fence.inside(workspace_id):
            waiting = _waiting(import_id, attempt)
        if waiting is None:
            return
        held, rows = waiting
        asked = _few_addresses({row.pk: _asked(held, row) for row in rows})
        trouble = _fetch(pictures, asked, held.started_by)
        with batch(workspace_id, import_id, attempt=attempt, state=State.RUNNING) as mine:
            if mine is None:
                return
            if mine.started_by is None or not _still_may(mine.started_by, mine.mode):
                _end(mine, State.CANCELLED, trouble="member_gone")
                return
            if trouble:
                _end(mine, State.CANCELLED, trouble=trouble)
                return
            if not rows:
                _end(mine, State.DONE)
                return
            _bring_in_all(mine, asked, by=mine.started_by, fetched=pictures.found)


def _fetch(pictures: Pictures, asked: Mapping[int, Asked], by: Member | None) -> str:
    """Fetch the images that rows name; return why the import cannot go on, "" when it can."""
    if by is not None:
        try:
            pictures.fetch([one for row in asked.values() for one in row.addresses], by)
        except StorageError:
            return "storage"
    return ""


def _waiting(import_id: int, attempt: int) -> tuple[Import, list[ImportRow]] | None:
    held = (
        Import.objects.filter(pk=import_id, attempt=attempt, state=State.RUNNING)
        .select_related("workspace", "started_by__workspace")
        .first()
    )
    return None if held is None else (held, next_rows(held, most=ROWS_AT_ONCE))


def _few_addresses(asked: Mapping[int, Asked]) -> dict[int, Asked]:
    """Return the first of `asked`, so many that their images can be fetched within a while."""
    some: dict[int, Asked] = {}
    count = 0
    for pk, one in asked.items():
        count += len(one.addresses)
        if some and count > ADDRESSES_AT_ONCE:
            break
        some[pk] = one
    return some


def _asked(held: Import, row: ImportRow) -> Asked:
    columns = [Column(one) if one else None for one in held.columns]
    return read_row(by_column(columns, row.cells))


def _still_may(by: Member, mode: str) -> bool:
    needed = Ability.SCHEDULE if mode == Mode.SCHEDULE else Ability.COMPOSE
    return by.may(needed)


def _bring_in_all(
    held: Import, asked: Mapping[int, Asked], *, by: Member, fetched: Mapping[str, Fetched]
) -> None:
    _take_turns(held)
    # Another run may have brought some in since they were read.
    waiting = ImportRow.objects.in_workspace(held.workspace).filter(
        pk__in=asked, state=ImportRow.State.WAITING
    )
    rows = list(waiting.order_by("number", "pk"))
    names = names_in(held.workspace)
    campaigns = Campaigns(held.workspace, by=by)
    drafts: dict[int, create.Draft] = {}
    refused: dict[int, Sequence[Finding]] = {}
    for row in rows:
        said = asked[row.pk]
        found = find(said, names, zone=held.workspace.time_zone)
        wanted = with_fetched(found, said, _assets(fetched))
        if blocks(wanted.findings):
            refused[row.pk] = wanted.findings
        else:
            drafts[row.pk] = _draft(held, said, wanted, campaigns)
    refused |= _make_posts(held, [row for row in rows if row.pk in drafts], drafts, by=by)
    for row in rows:
        if row.pk in refused:
            row.state, row.post_id = ImportRow.State.REFUSED, None
            row.findings = findings_to_json(refused[row.pk])
    ImportRow.objects.bulk_update(
        [row for row in rows if row.pk in refused], ["state", "post", "findings"]
    )
    held.refused_count += len(refused)
    held.done_count += len(rows) - len(refused)
    held.save(update_fields=["done_count", "refused_count"])


def _make_posts(
    held: Import, rows: Sequence[ImportRow], drafts: Mapping[int, create.Draft], *, by: Member
) -> dict[int, Sequence[Finding]]:
    """Make the posts of `rows`; return, by row, what stands against those that were not made."""
    taken = _taken_keys(held, rows)
    refused: dict[int, Sequence[Finding]] = {}
    free: dict[str, ImportRow] = {}
    for row in rows:
        if row.key in taken or row.key in free:
            refused[row.pk] = [Finding("row.imported", Severity.BLOCK)]
        else:
            free[row.key] = row
    made = create.create_posts(
        by, [drafts[row.pk] for row in free.values()], sends=held.mode == Mode.SCHEDULE
    )
    done = []
    for row, post in zip(free.values(), made, strict=True):
        if isinstance(post, LoaError):
            refused[row.pk] = _why(post)
        else:
            row.state, row.post = ImportRow.State.DONE, post
            done.append(row)
    ImportRow.objects.bulk_update(done, ["state", "post"])
    return refused


def _take_turns(held: Import) -> None:
    """Let one import of the workspace at a time take keys; the others wait for its batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('loa.import', %s))",
            [held.workspace_id],
        )


def _taken_keys(held: Import, rows: Sequence[ImportRow]) -> set[str]:
    """Return the keys that equal rows have; a row whose post was deleted gives its key back."""
    equal = ImportRow.objects.in_workspace(held.workspace).filter(
        key__in=[row.key for row in rows], state=ImportRow.State.DONE
    )
    equal.filter(post__deleted_at__isnull=False).update(state=ImportRow.State.UNDONE)
    return set(equal.values_list("key", flat=True))


def _draft(held: Import, asked: Asked, wanted: Wanted, campaigns: "Campaigns") -> create.Draft:
    state = PostState(
        title=asked.title,
        language=asked.language or held.workspace.language,
        campaign_id=wanted.campaign_id or campaigns.named(wanted.campaign),
        shared=wanted.document,
        own=dict.fromkeys(wanted.channel_ids),
    )
    return create.Draft(state, effective_time(wanted.planned) if wanted.planned else None)


class Campaigns:
    """The campaigns of a workspace by name; one that is missing is made if the member plans."""

    def __init__(self, workspace: Workspace, *, by: Member) -> None:
        self._workspace, self._by = workspace, by
        self._known: dict[str, int] | None = None

    def named(self, name: str) -> int | None:
        """Return the campaign of that name; None without a name, or when none may be made."""
        if not name:
            return None
        if self._known is None:
            self._known = dict(campaigns_in(self._workspace))
        found = self._known.get(fold(name))
        if found is None and self._by.may(Ability.PLAN):
            found = self._known[fold(name)] = self._add(name)
        return found

    def _add(self, name: str) -> int:
        try:
            return add_campaign(name, workspace=self._workspace).pk
        except CampaignNameTaken:
            return campaigns_in(self._workspace)[fold(name)]


def _why(refusal: LoaError) -> Sequence[Finding]:
    if isinstance(refusal, publish.HasBlockingFindings):
        return [one for found in refusal.findings.values() for one in found]
    codes: dict[type[LoaError], str] = {
        publish.PastTime: "row.past",
        publish.ChannelNotConnected: "row.channel_cut_off",
        publish.NothingToSend: "row.empty",
        create.NothingToReview: "row.empty",
        create.TooMuch: "row.too_much",
    }
    code = next((code for kind, code in codes.items() if isinstance(refusal, kind)), "row.refused")
    return [Finding(code, Severity.BLOCK)]


def _assets(fetched: Mapping[str, Fetched]) -> dict[str, int | None]:
    return {url: one.asset_id for url, one in fetched.items()}


def _end(held: Import, state: Import.State, *, trouble: str = "") -> None:
    held.state, held.trouble, held.finished_at = state, trouble, clock.now()
    held.save(update_fields=["state", "trouble", "finished_at"])
    _audit(
        held,
        "import.finished",
        by=held.started_by,
        done=held.done_count,
        refused=held.refused_count,
    )


def _audit(held: Import, action: str, *, by: Member | None, **detail: str | int) -> None:
    record_audit(
        held.workspace,
        member=by,
        action=action,
        subject=f"import:{held.pk}",
        detail={"file": held.filename, **detail},
    )


__all__ = ["MayNotSchedule", "NotNow", "run_import", "start_import", "stop_import"]
