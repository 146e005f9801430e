"""Posts: accepted once, edited, deleted, listed, and read as threads."""

import json
import re
from dataclasses import dataclass, replace

from practice_network.accounts import Account, Idempotency
from practice_network.json_values import Json, fingerprint
from practice_network.ledger import Caller, Event, Ledger
from practice_network.limits import LIMITS, Limits
from practice_network.media import Gallery, Medium
from practice_network.refusals import Refusal, unknown_post, wrong_field
from practice_network.store import Row, Store
from practice_network.text import count_graphemes

FROM_ACCOUNT = "account"
FROM_AUDIENCE = "audience"

_CLIENT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{7,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CLIENT_REF_MAX_CHARS = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """What a client asks to post. `id`, `client_ref` and `key` depend on the account's class."""

    text: str
    language: str = ""
    media_ids: tuple[str, ...] = ()
    reply_to: str = ""
    id: str = ""
    client_ref: str = ""
    key: str = ""

    def payload(self) -> dict[str, Json]:
        """Return what two equal requests have in common."""
        return {
            "text": self.text,
            "language": self.language,
            "media": list(self.media_ids),
            "reply_to": self.reply_to,
            "id": self.id,
            "client_ref": self.client_ref,
        }


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it stands. root: the post its thread began with; None for that post itself."""

    seq: int
    id: str
    author: str
    origin: str
    text: str
    language: str
    media_ids: tuple[str, ...]
    reply_to: str | None
    root: str | None
    client_ref: str | None
    intent: str | None
    created_at: int
    edited_at: int | None
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A post that was taken; is_replay when an earlier request with the same key made it."""

    post: Post
    is_replay: bool = False


class Board:
    """Take, change and find posts."""

    def __init__(self, store: Store, ledger: Ledger, gallery: Gallery) -> None:
        self.store = store
        self.ledger = ledger
        self.gallery = gallery
        row = store.read_one("SELECT count(*) AS n FROM ledger WHERE event = ?", Event.POST_CREATED)
        self._accepted: int = row["n"] if row else 0

    def create(self, draft: Draft, *, account: Account, by: Caller) -> Accepted:
        """Accept a post, or return the one an equal request made under the same key."""
        request_hash = fingerprint(draft.payload())
        earlier = self._earlier(draft, account=account, request_hash=request_hash, by=by)
        if earlier is not None:
            return Accepted(earlier, is_replay=True)
        self._check(draft, account=account)
        parent = self.find(draft.reply_to) if draft.reply_to else None
        media = self._usable_media(draft.media_ids, account=account, now_ms=by.now_ms)
        self._accepted += 1
        post = Post(
            seq=0,
            id=draft.id or str(100_000 + self._accepted),
            author=account.handle,
            origin=FROM_ACCOUNT,
            text=draft.text,
            language=draft.language or account.language,
            media_ids=draft.media_ids,
            reply_to=parent.id if parent else None,
            root=(parent.root or parent.id) if parent else None,
            client_ref=draft.client_ref or None,
            intent=None,
            created_at=by.now_ms,
            edited_at=None,
            deleted_at=None,
        )
        with self.store.together():
            seq = self.insert(post)
            self.ledger.add(Event.POST_CREATED, post.id, _record(post, draft, media), by)
            if draft.key and account.idempotency is Idempotency.NATIVE_KEY:
                self._remember(draft.key, request_hash, post, by)
        return Accepted(replace(post, seq=seq))

    def edit(
        self,
        post: Post,
        *,
        text: str,
        language: str,
        media_ids: tuple[str, ...],
        by: Caller,
        limits: Limits = LIMITS,
    ) -> Post:
        """Change what a post says and shows."""
        self._check_content(text, language, media_ids)
        if not post.reply_to:
            check_pictures(media_ids, limits)
        media = self._usable_media(media_ids, account=post.author, now_ms=by.now_ms)
        edited = replace(
            post, text=text, language=language, media_ids=media_ids, edited_at=by.now_ms
        )
        with self.store.together():
            self.store.write(
                "UPDATE posts SET text = ?, language = ?, media = ?, edited_at = ? WHERE seq = ?",
                text,
                language,
                json.dumps(media_ids),
                by.now_ms,
                post.seq,
            )
            payload: dict[str, Json] = {
                "text": text,
                "language": language,
                "media": [one.digest for one in media],
            }
            self.ledger.add(Event.POST_EDITED, post.id, payload, by)
        return edited

    def delete(self, post: Post, *, by: Caller) -> None:
        """Take a post down; its replies stay, as they do elsewhere."""
        with self.store.together():
            self.store.write("UPDATE posts SET deleted_at = ? WHERE seq = ?", by.now_ms, post.seq)
            self.ledger.add(Event.POST_DELETED, post.id, {}, by)

    def insert(self, post: Post) -> int:
        """Write a new row; for accepted posts and for what the audience says."""
        return self.store.write(
            "INSERT INTO posts (id, author, origin, text, language, media, reply_to, root,"
            " client_ref, intent, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            post.id,
            post.author,
            post.origin,
            post.text,
            post.language,
            json.dumps(post.media_ids) if post.media_ids else "[]",
            post.reply_to,
            post.root,
            post.client_ref,
            post.intent,
            post.created_at,
        )

    def find(self, post_id: str, *, author: str | None = None) -> Post:
        """Return a post that is up; Refusal when there is none, or it is not by `author`."""
        row = self.store.read_one(
            "SELECT * FROM posts WHERE id = ? AND deleted_at IS NULL", post_id
        )
        if row is None:
            raise unknown_post(post_id)
        if author not in {None, row["author"]}:
            raise Refusal(403, "post.not_yours", "Only its author may change a post.")
        return to_post(row)

    def _earlier(
        self, draft: Draft, *, account: Account, request_hash: str, by: Caller
    ) -> Post | None:
        """Return what the request's Idempotency-Key already made within its hour, if anything."""
        if not draft.key or account.idempotency is not Idempotency.NATIVE_KEY:
            return None
        row = self.store.read_one(
            "SELECT * FROM idempotency_keys WHERE account = ? AND key = ? AND used_at > ?",
            account.handle,
            draft.key,
            by.now_ms - LIMITS.idempotency_key_lives_s * 1000,
        )
        if row is None:
            return None
        if row["payload_hash"] != request_hash:
            raise Refusal(422, "key.reused", "This key was used for a different request.")
        made = self.store.read_one("SELECT * FROM posts WHERE id = ?", row["post_id"])
        return to_post(made) if made else None

    def _remember(self, key: str, request_hash: str, post: Post, by: Caller) -> None:
        self.store.write(
            "INSERT OR REPLACE INTO idempotency_keys VALUES (?,?,?,?,?)",
            post.author,
            key,
            request_hash,
            post.id,
            by.now_ms,
        )

    def _check(self, draft: Draft, *, account: Account) -> None:
        self._check_content(draft.text, draft.language, draft.media_ids)
        if not draft.reply_to:
            check_pictures(draft.media_ids, account.limits)
        if draft.client_ref and account.idempotency is not Idempotency.HANDLE_READ_BACK:
            raise wrong_field("client_ref", "this account cannot look posts up by a reference")
        if len(draft.client_ref) > _CLIENT_REF_MAX_CHARS:
            raise wrong_field("client_ref", f"at most {_CLIENT_REF_MAX_CHARS} characters")
        if draft.id:
            self._check_chosen_id(draft.id, account=account)

    def _check_chosen_id(self, post_id: str, *, account: Account) -> None:
        if account.idempotency is not Idempotency.CLIENT_ID:
            raise wrong_field("id", "this account does not choose the ids of its posts")
        if not _CLIENT_ID.fullmatch(post_id):
            raise wrong_field("id", "a letter, then 7 to 63 letters, digits, - or _")
        if self.store.read_one("SELECT 1 FROM posts WHERE id = ?", post_id):
            raise Refusal(409, "post.exists", f"There already is a post {post_id!r}.")

    def _check_content(self, text: str, language: str, media_ids: tuple[str, ...]) -> None:
        if not text.strip() and not media_ids:
            raise Refusal(422, "post.empty", "A post needs a text or a picture.")
        length = count_graphemes(text)
        if length > LIMITS.text_max_chars:
            raise Refusal(
                422,
                "text.too_long",
                f"{length} characters; at most {LIMITS.text_max_chars} are allowed.",
            )
        if language and not _LANGUAGE.fullmatch(language):
            raise wrong_field("language", "use a tag such as vi or en-GB")
        if len(media_ids) > LIMITS.images_max_count:
            raise Refusal(422, "media.too_many", f"At most {LIMITS.images_max_count} pictures.")
        if len(set(media_ids)) != len(media_ids):
            raise wrong_field("media_ids", "the same picture twice")

    def _usable_media(
        self, media_ids: tuple[str, ...], *, account: Account | str, now_ms: int
    ) -> list[Medium]:
        handle = account if isinstance(account, str) else account.handle
        media = [self.gallery.find(one, account=handle) for one in media_ids]
        if any(one.ready_at > now_ms for one in media):
            raise Refusal(409, "media.processing", "A picture is still being processed.")
        films = sum(one.is_video for one in media)
        if films > LIMITS.videos_max_count or (films and films < len(media)):
            raise Refusal(422, "media.mixed", "One video alone, or pictures.")
        return media


def check_pictures(media_ids: tuple[str, ...], limits: Limits) -> None:
    """Refuse a post without a picture where an account's posts begin with one."""
    if len(media_ids) < limits.images_min_count:
        raise Refusal(422, "media.required", "A post of this account needs a picture or a video.")


def to_post(row: Row) -> Post:
    """Return the post a row of the table holds."""
    fields = dict(row)
    return Post(media_ids=tuple(json.loads(fields.pop("media"))), **fields)


def _record(post: Post, draft: Draft, media: list[Medium]) -> dict[str, Json]:
    """Return what the ledger keeps of a new post: all of it, with its pictures by digest."""
    return {
        "text": post.text,
        "language": post.language,
        "media": [one.digest for one in media],
        "alt_texts": [one.alt_text for one in media],
        "reply_to": post.reply_to,
        "client_ref": post.client_ref,
        "key": draft.key or None,
    }
