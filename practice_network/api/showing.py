"""How posts look in the API."""

from practice_network.api.call import Call
from practice_network.clock import to_text
from practice_network.json_values import Json
from practice_network.posts import Post


def post_to_json(post: Post, call: Call) -> dict[str, Json]:
    """Return a post with its pictures, as everybody may see it."""
    network = call.network
    media: list[Json] = [
        network.gallery.find(one).to_json(call.base_url, now_ms=call.now_ms)
        for one in post.media_ids
    ]
    return {
        "id": post.id,
        "url": f"{call.base_url}/p/{post.id}",
        "author": post.author,
        "origin": post.origin,
        "text": post.text,
        "language": post.language,
        "media": media,
        "reply_to": post.reply_to,
        "root": post.root,
        "client_ref": post.client_ref,
        "created_at": to_text(post.created_at),
        "edited_at": to_text(post.edited_at) if post.edited_at else None,
    }
