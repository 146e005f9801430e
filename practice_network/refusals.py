"""How the network says no."""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that is answered with an error: an HTTP status, a stable code and a sentence."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def unknown_post(post_id: str) -> Refusal:
    """Return the answer for a post that is not there, or no longer."""
    return Refusal(404, "post.unknown", f"There is no post {post_id!r}.")


def wrong_field(name: str, reason: str) -> Refusal:
    """Return the answer for one field that cannot be understood."""
    return Refusal(422, "field.wrong", f"{name}: {reason}")
