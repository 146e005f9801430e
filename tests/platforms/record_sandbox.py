"""Record answers/ from a real practice network: python -m tests.platforms.record_sandbox.

The network's clock stands still and its secrets are replaced, so a second run writes the same.
"""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from practice_network.testing import Running, running_network
from tests.conformance.scenes import CAPTIONS

FOLDER = Path(__file__).parents[2] / "loa/platforms/sandbox/answers"
AT = "2026-11-22T10:00:00+00:00"
SHOWN_HOST = "http://127.0.0.1:8788"
KEPT_HEADERS = {"content-type", "retry-after", "x-ratelimit-remaining", "idempotent-replay"}
REQUEST_ID = "3f1c0a-1"

type Kept = dict[str, Any]


class Recorder:
    """Makes calls to a network and writes the answers down."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.client = running.client
        self.code = ""

    def open_account(self, **fields: object) -> None:
        """Start over with one account."""
        self.client.reset(seed=1)
        self.client.set_clock(now=AT, speed=0)
        self.code = self.client.open_account("tiembanh", name="Tiệm Bánh", **fields).access_code

    def keep(self, name: str, about: str, answer: Kept, *, means: str = "") -> Any:
        """Write one answer to a file and return its body."""
        kept = {"about": about, "source": "recorded from the practice network, scrubbed", **answer}
        if means:
            kept["means"] = means
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        text = text.replace(self.running.base_url, SHOWN_HOST)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        return answer.get("body")

    def call(self, method: str, path: str, body: Kept | None = None, code: str = "") -> Kept:
        """Make a call with the account's code and return the whole answer."""
        raw = None if body is None else json.dumps(body).encode()
        return self.exchange(method, path, raw, "application/json", code)

    def upload(self, content: bytes, alt_text: str = "Ổ bánh mì vàng ruộm trên khay.") -> Kept:
        """Upload a picture and return the whole answer."""
        edge = "edge"
        fields = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"alt_text": alt_text, "focus": "0.1,-0.5"}.items()
        )
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        raw = (fields + head).encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.exchange("POST", "/media", raw, f"multipart/form-data; boundary={edge}")

    def exchange(
        self, method: str, path: str, raw: bytes | None, kind: str, code: str = ""
    ) -> Kept:
        """Send bytes and return status, the headers that matter, and the body."""
        headers = {"Authorization": f"Bearer {code or self.code}", "Content-Type": kind}
        answered = self.client.exchange(method, path, raw, headers)
        content = answered.content
        told = {name: value for name, value in answered.headers.items() if name in KEPT_HEADERS}
        kept: Kept = {"status": answered.status, "headers": {**told, "x-request-id": REQUEST_ID}}
        if not content:
            return kept
        try:
            return {**kept, "body": json.loads(content)}
        except ValueError:
            return {**kept, "text": content.decode()}


def a_picture(width_px: int = 1200, height_px: int = 800) -> bytes:
    """Return a PNG's head and an empty body: the network looks no further."""
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    whole = struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + whole


def record_connecting(here: Recorder) -> None:
    """Record what connecting and checking see."""
    here.open_account()
    here.keep("limits", "What the network accepts.", here.call("GET", "/limits"))
    here.keep("me", "The account of an access code.", here.call("GET", "/me"))
    gallery = here.client.open_account("tiemanh", kind="pictures")
    answer = here.call("GET", "/limits", code=gallery.access_code)
    here.keep("limits_pictures", "What it accepts of a picture-first account.", answer)
    refused = here.call("GET", "/me", code="aaaaa-aaaaa-aaaaa-aaaaa-aaaaa")
    here.keep("unauthorised", "The code was revoked.", refused, means="grant.withdrawn")
    here.client.add_fault("malformed_body", operation="show_limits", body="html")
    page = here.call("GET", "/limits")
    here.keep("another_site", "A web page.", page, means="instance.unsupported")
    other = here.client.open_account("quanben")
    answer = here.call("GET", "/me", code=other.access_code)
    here.keep("me_other", "The code of another account.", answer, means="grant.other_account")


def record_sessions(here: Recorder) -> None:
    """Record how codes that end are given, end, and are given anew."""
    here.open_account(access_lives_s=7200)
    answer = here.call("GET", "/me")
    here.keep("me_with_sessions", "An account whose access codes end.", answer)
    opened = here.call("POST", "/sessions", {})
    here.keep("session", "Codes that end.", _scrubbed(opened))
    codes = opened["body"]
    here.client.set_clock(advance_s=7200)
    ended = here.call("POST", "/posts", {"text": CAPTIONS["text"]}, code=codes["access_code"])
    here.keep("access_ended", "The time of the code is up.", ended, means="grant.expired")
    used = {"refresh_code": codes["refresh_code"]}
    here.keep(
        "session_renewed", "New codes.", _scrubbed(here.call("POST", "/sessions/renew", used))
    )
    again = here.call("POST", "/sessions/renew", used)
    here.keep("session_reused", "The refresh code was used.", again, means="grant.withdrawn")


def _scrubbed(answer: Kept) -> Kept:
    codes = {"access_code": "moicu-rakem-lothu", "refresh_code": "doila-ymamo-ithem"}
    return {**answer, "body": {**answer["body"], **codes}}


def record_posts(here: Recorder) -> None:
    """Record posts of every form, how they are found again, and what they count."""
    here.open_account(followers=4000)
    media = here.keep("media_ready", "A picture.", here.upload(a_picture()))
    language = {"language": "vi"}

    def post(part: str, about: str, **fields: object) -> Any:
        body = {"text": CAPTIONS[part], **language, **fields}
        name = "post" if part == "text" else f"post_{part}"
        return here.keep(name, about, here.call("POST", "/posts", body))

    first = post("text", "A post.")
    post("image", "A post with a picture.", media_ids=[media["id"]])
    post("link", "A post with a link.")
    post("reply", "A second part.", reply_to=first["id"])
    listed = here.call("GET", "/posts?limit=100")
    here.keep("own_posts", "The account's newest posts.", listed)
    three = ",".join([first["id"], "100002", "100003"])
    here.client.set_clock(advance_s=7 * 86_400)
    one = here.call("GET", f"/readings?ids={first['id']}")
    here.keep("readings_one", "Counts of one post after a week.", one)
    answer = here.call("GET", f"/readings?ids={three}")
    here.keep("readings_three", "Counts of three posts at once.", answer)
    answer = here.call("GET", "/accounts/tiembanh/readings")
    here.keep("account_counted", "Counts of the account.", answer)
    here.client.set_clock(advance_s=60)
    edited = here.call(
        "PATCH", f"/posts/{first['id']}", {"text": CAPTIONS["text"], "media_ids": []}
    )
    here.keep("post_edited", "An edited post.", edited)
    here.keep("deleted", "A post was taken down.", here.call("DELETE", f"/posts/{first['id']}"))
    gone = here.call("DELETE", f"/posts/{first['id']}")
    here.keep("not_found", "The post is not there.", gone, means="post.gone")


def record_absence(here: Recorder) -> None:
    """Record lists in which the part is missing, and a picture that takes its time."""
    here.open_account()
    here.call("POST", "/posts", {"text": "Một bài khác hẳn."})
    listed = here.call("GET", "/posts?limit=100")
    here.keep("own_posts_without", "Only other posts.", listed)
    here.open_account(media_processing_s=5)
    taken = here.keep("media_accepted", "Taken, not ready.", here.upload(a_picture()))
    path = f"/media/{taken['id']}"
    here.keep("media_processing", "Still not ready.", here.call("GET", path))
    body = {"text": "Sớm quá", "media_ids": [taken["id"]]}
    early = here.call("POST", "/posts", body)
    here.keep("media_too_early", "Posted too early.", early, means="media.processing")
    here.client.set_clock(advance_s=6)
    here.keep("media_done", "Ready at last.", here.call("GET", path))


def record_refusals(here: Recorder) -> None:
    """Record every refusal of a post."""
    here.open_account(idempotency="client_id")
    _refused(here, "too_long", "One too many.", "text.too_long", {"text": "ế" * 501})
    _refused(here, "blank", "Nothing to say.", "text.empty", {"text": " "})
    parent = {"text": "Dạ", "reply_to": "100999"}
    _refused(here, "parent_gone", "The parent is gone.", "post.gone", parent)
    ghost = {"text": "Ảnh đâu", "media_ids": ["m99"]}
    _refused(here, "media_gone", "An upload is gone.", "media.expired", ghost)
    many = {"text": "Năm ảnh", "media_ids": [f"m{n}" for n in range(5)]}
    _refused(here, "media_too_many", "Five pictures.", "media.too_many", many)
    odd = {"text": "Tiếng gì", "language": "Vietnamese!"}
    _refused(here, "wrong_field", "A wrong language tag.", "platform.refused", odd)
    mine = {"text": "Một lần", "id": "loa-42-text"}
    here.call("POST", "/posts", mine)
    _refused(here, "post_exists", "The id was used.", "post.taken", mine)
    here.call("DELETE", "/posts/loa-42-text")
    answer = here.call("GET", "/posts/loa-42-text")
    here.keep("post_taken_down", "The id was used and ended.", answer, means="post.taken")
    here.client.add_fault("rate_limit", retry_after_s=17)
    _refused(here, "rate_limited", "Too many requests.", "rate.limited", {"text": "Nhanh"})
    here.client.add_fault("status", status=503, when="before")
    _refused(here, "trouble", "The network has trouble.", "platform.trouble", {"text": "Mệt"})


def record_shapes(here: Recorder) -> None:
    """Record what a picture-first account is refused."""
    here.open_account(kind="pictures")
    tall = here.upload(a_picture(900, 1600))
    here.keep("media_wrong_shape", "A tall picture.", tall, means="media.shape")
    bare = {"text": "Không ảnh"}
    _refused(here, "media_required", "No picture.", "media.missing", bare)


def _refused(here: Recorder, name: str, about: str, means: str, body: Kept) -> None:
    here.keep(name, about, here.call("POST", "/posts", body), means=means)


def record_other_refusals(here: Recorder) -> None:
    """Record refusals of pictures, of lists, and of somebody else's post."""
    here.open_account(idempotency="none")
    uploads: dict[str, tuple[str, str, Callable[[], Kept]]] = {
        "media_wrong_type": ("No image.", "media.type", lambda: here.upload(b"<svg/>")),
        "media_empty": ("No bytes.", "media.refused", lambda: here.upload(b"")),
        "media_too_heavy": ("Too large.", "media.too_large", lambda: here.upload(bytes(9_000_000))),
        "media_too_wide": (
            "Too many pixels.",
            "media.too_large",
            lambda: here.upload(a_picture(9000, 9000)),
        ),
        "alt_too_long": (
            "A long description.",
            "alt.too_long",
            lambda: here.upload(a_picture(), "a" * 1501),
        ),
    }
    for name, (about, means, upload) in uploads.items():
        here.keep(name, about, upload(), means=means)
    listed = here.call("GET", "/posts?limit=100")
    here.keep("not_listed", "This account has no list.", listed, means="read_back.unavailable")
    made = here.call("POST", "/posts", {"text": "Của mình"})["body"]
    rival = here.client.open_account("quanben")
    stolen = here.call("DELETE", f"/posts/{made['id']}", code=rival.access_code)
    here.keep("not_yours", "The post of another.", stolen, means="permission.missing")


def main() -> None:
    """Record everything anew."""
    FOLDER.mkdir(exist_ok=True)
    with running_network() as running:
        here = Recorder(running)
        record_connecting(here)
        record_sessions(here)
        record_posts(here)
        record_absence(here)
        record_refusals(here)
        record_shapes(here)
        record_other_refusals(here)


if __name__ == "__main__":
    main()
