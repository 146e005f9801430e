"""Lists of posts: an author's newest, the public feed, and threads."""

from dataclasses import dataclass

from practice_network.posts import Post, to_post
from practice_network.store import Row, Store

_FAR_FUTURE = 2**62


@dataclass(frozen=True, slots=True)
class Before:
    """Where the previous page of a list ended; the newest page begins at END."""

    created_at: int = _FAR_FUTURE
    seq: int = _FAR_FUTURE


END = Before()


class Feeds:
    """Read posts in order. Nothing later than `now_ms`, and nothing deleted, is shown."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, post_id: str) -> Post | None:
        """Return a post that is up; None when there is none."""
        row = self.store.read_one(
            "SELECT * FROM posts WHERE id = ? AND deleted_at IS NULL", post_id
        )
        return to_post(row) if row else None

    def place_of(self, post_id: str) -> Before:
        """Return the place of a post in its lists, deleted or not; END when there is none."""
        row = self.store.read_one("SELECT created_at, seq FROM posts WHERE id = ?", post_id)
        return Before(row["created_at"], row["seq"]) if row else END

    def by_author(
        self, handle: str, *, before: Before = END, now_ms: int, limit: int
    ) -> list[Post]:
        """Return what an author wrote, replies too, newest first."""
        return _posts(
            self.store.read(
                "SELECT * FROM posts WHERE author = ? AND (created_at, seq) < (?, ?)"
                " AND created_at <= ? AND deleted_at IS NULL"
                " ORDER BY created_at DESC, seq DESC LIMIT ?",
                handle,
                before.created_at,
                before.seq,
                now_ms,
                limit,
            )
        )

    def by_client_ref(self, handle: str, client_ref: str, *, now_ms: int) -> list[Post]:
        """Return the posts that carry the author's reference, newest first."""
        return _posts(
            self.store.read(
                "SELECT * FROM posts WHERE author = ? AND client_ref = ? AND created_at <= ?"
                " AND deleted_at IS NULL ORDER BY created_at DESC, seq DESC LIMIT 100",
                handle,
                client_ref,
                now_ms,
            )
        )

    def public(self, *, before: Before = END, now_ms: int, limit: int) -> list[Post]:
        """Return what accounts posted for everybody, newest first, without replies."""
        return _posts(
            self.store.read(
                "SELECT * FROM posts WHERE reply_to IS NULL AND deleted_at IS NULL"
                " AND (created_at, seq) < (?, ?) AND created_at <= ?"
                " ORDER BY created_at DESC, seq DESC LIMIT ?",
                before.created_at,
                before.seq,
                now_ms,
                limit,
            )
        )

    def top_level(
        self, handle: str, *, before: Before = END, now_ms: int, limit: int
    ) -> list[Post]:
        """Return what an author posted without replies, newest first: a profile page."""
        return _posts(
            self.store.read(
                "SELECT * FROM posts WHERE author = ? AND reply_to IS NULL AND deleted_at IS NULL"
                " AND (created_at, seq) < (?, ?) AND created_at <= ?"
                " ORDER BY created_at DESC, seq DESC LIMIT ?",
                handle,
                before.created_at,
                before.seq,
                now_ms,
                limit,
            )
        )

    def thread(self, root_id: str, *, now_ms: int, limit: int = 500) -> list[Post]:
        """Return everything below the first post of a thread, oldest first."""
        return _posts(
            self.store.read(
                "SELECT * FROM posts WHERE root = ? AND created_at <= ? AND deleted_at IS NULL"
                " ORDER BY created_at, seq LIMIT ?",
                root_id,
                now_ms,
                limit,
            )
        )

    def replies(self, post: Post, *, now_ms: int) -> list[Post]:
        """Return the direct replies to a post, oldest first."""
        in_thread = self.thread(post.root or post.id, now_ms=now_ms)
        return [one for one in in_thread if one.reply_to == post.id]

    def reply_counts(self, post_ids: list[str], *, now_ms: int) -> dict[str, int]:
        """Return how often others replied to each post; one without replies is left out."""
        marks = ",".join("?" * len(post_ids))
        rows = self.store.read(
            "SELECT reply.reply_to AS id, count(*) AS n FROM posts AS reply"  # noqa: S608
            " JOIN posts AS post ON post.id = reply.reply_to"
            " WHERE reply.root IN (SELECT coalesce(root, id) FROM posts"
            f" WHERE id IN ({marks})) AND reply.reply_to IN ({marks})"
            " AND reply.author != post.author"
            " AND reply.created_at <= ? AND reply.deleted_at IS NULL GROUP BY reply.reply_to",
            *post_ids,
            *post_ids,
            now_ms,
        )
        return {row["id"]: row["n"] for row in rows}

    def reply_count(self, post: Post, *, now_ms: int) -> int:
        """Return how many direct replies a post has."""
        row = self.store.read_one(
            "SELECT count(*) AS n FROM posts WHERE root = ? AND reply_to = ?"
            " AND created_at <= ? AND deleted_at IS NULL",
            post.root or post.id,
            post.id,
            now_ms,
        )
        return row["n"] if row else 0


def _posts(rows: list[Row]) -> list[Post]:
    return [to_post(row) for row in rows]
