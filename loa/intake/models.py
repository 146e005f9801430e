"""Imports with their rows, and feeds outside with their entries, each with what became of it."""

from django.db import models
from django.db.models import Q

from loa.content.models import Campaign, Post
from loa.ops.models import FencedQuerySet
from loa.workspace.models import Member, Workspace


class Import(models.Model):
    """A file whose rows are to become posts.

    encoding, separator: how a CSV is read, "" for a workbook. columns: what each column means,
    None for one that is not used. attempt: grows with every reading and every run, so that an
    older job that still works on it stops. row_count: rows of the file; seen_count: those read so
    far. trouble: why it cannot be read, or why it stopped.
    """

    class State(models.TextChoices):
        READING = "reading"
        READY = "ready"
        UNREADABLE = "unreadable"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        UNDOING = "undoing"
        UNDONE = "undone"

    class Mode(models.TextChoices):
        DRAFTS = "drafts"
        SCHEDULE = "schedule"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    filename = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=16, blank=True, db_default="", default="")
    separator = models.CharField(max_length=1, blank=True, db_default="", default="")
    header = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=State.choices, db_default="reading")
    mode = models.CharField(max_length=16, choices=Mode.choices, blank=True, db_default="")
    trouble = models.CharField(max_length=32, blank=True, db_default="", default="")
    attempt = models.PositiveIntegerField(db_default=0, default=0)
    row_count = models.PositiveIntegerField(db_default=0, default=0)
    seen_count = models.PositiveIntegerField(db_default=0, default=0)
    ready_count = models.PositiveIntegerField(db_default=0, default=0)
    draft_only_count = models.PositiveIntegerField(db_default=0, default=0)
    unusable_count = models.PositiveIntegerField(db_default=0, default=0)
    done_count = models.PositiveIntegerField(db_default=0, default=0)
    refused_count = models.PositiveIntegerField(db_default=0, default=0)
    uploaded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    started_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = FencedQuerySet["Import"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-uploaded_at", "-id"], name="import_newest"),
        ]

    def __str__(self) -> str:
        return self.filename


class ImportPiece(models.Model):
    """A piece of the file as it was uploaded, so that it can be read again another way."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    of = models.ForeignKey(Import, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = FencedQuerySet["ImportPiece"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="a_piece_of_a_file_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"piece {self.number} of import {self.of_id}"


class ImportRow(models.Model):
    """One row of the file, what stands against it, and the post it became.

    number: its line in the file. key: equal for rows that would become the same post; while a
    row is done, no other of the workspace with that key can be.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"
        UNDONE = "undone"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    key = models.CharField(max_length=64)
    fit = models.CharField(max_length=16)
    findings = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=State.choices, db_default="waiting")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = FencedQuerySet["ImportRow"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="a_row_of_a_file_is_kept_once"),
            models.UniqueConstraint(
                fields=["workspace", "key"],
                condition=Q(state="done"),
                name="equal_rows_become_one_post",
            ),
        ]
        indexes = [
            models.Index(fields=["of", "fit", "number"], name="import_row_by_fit"),
            models.Index(fields=["of", "state", "number"], name="import_row_by_state"),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.of_id}"


class Source(models.Model):
    """A feed outside (RSS, Atom) whose entries become drafts, or join the queue.

    channel_ids: where the posts go; a channel that is gone is left out. template: with {title},
    {summary} and {link}. takes_first: how many entries the first reading takes, the others are
    only remembered. etag, last_modified: to be told only news. trouble: why the last reading
    failed, "" when it did not; failing_since: when that began.
    """

    class Mode(models.TextChoices):
        DRAFTS = "drafts"
        QUEUE = "queue"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, blank=True, db_default="", default="")
    url = models.CharField(max_length=2000)
    channel_ids = models.JSONField(default=list)
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")
    template = models.CharField(max_length=1000)
    mode = models.CharField(max_length=16, choices=Mode.choices, db_default="drafts")
    with_image = models.BooleanField(db_default=True, default=True)
    takes_first = models.PositiveSmallIntegerField(db_default=3, default=3)
    added_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    next_poll_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=1000, blank=True, db_default="", default="")
    last_modified = models.CharField(max_length=1000, blank=True, db_default="", default="")
    failures = models.PositiveSmallIntegerField(db_default=0, default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=64, blank=True, db_default="", default="")

    objects = FencedQuerySet["Source"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "url"], name="a_feed_is_read_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_poll_at"], condition=Q(paused_at=None), name="source_to_poll"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.url


class SourceEntry(models.Model):
    """An entry of a feed that was seen. It outlives its source: an entry never comes twice.

    key: of the feed's address and the entry's own name. post: None when it was there before the
    first reading, or when its post is gone.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="entries"
    )
    key = models.CharField(max_length=64)
    title = models.CharField(max_length=300, blank=True, db_default="", default="")
    link = models.CharField(max_length=2000, blank=True, db_default="", default="")
    seen_at = models.DateTimeField()
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = FencedQuerySet["SourceEntry"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"], name="an_entry_of_a_feed_comes_once"
            ),
        ]
        indexes = [models.Index(fields=["source", "-seen_at", "-id"], name="entry_newest")]

    def __str__(self) -> str:
        return self.title or self.link
