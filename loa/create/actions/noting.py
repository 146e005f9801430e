"""Leave remarks on a post, for the team."""

from loa.content.models import Post
from loa.create.models import Note
from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock, live
from loa.workspace.models import Member

LONGEST_NOTE = 4000


class NothingSaid(LoaError):
    """A note without words."""


def add_note(post: Post, *, words: str, by: Member, asks_changes: bool = False) -> Note:
    """Add a remark under the post."""
    words = normalise(words).replace("\x00", "").strip()[:LONGEST_NOTE]
    if not words:
        raise NothingSaid
    live.announce(workspace_id=post.workspace_id, topic="post", subject_id=post.pk)
    return Note.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        written_by=by,
        words=words,
        asks_changes=asks_changes,
        written_at=clock.now(),
    )


def delete_note(note: Note, *, by: Member) -> None:
    """Remove one's own remark; what asked for changes stays, it explains the review."""
    if note.written_by_id == by.pk and not note.asks_changes:
        note.delete()
