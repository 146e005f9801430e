"""Every operation of the API by its name: the names that faults are ordered for."""

from dataclasses import dataclass

from practice_network.api import admin, reactions, reading, sessions, writing
from practice_network.api.call import Guard, Handler


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: how it is asked for, who may ask, and what answers."""

    method: str
    path: str
    operation: str
    guard: Guard
    handler: Handler


ROUTES = (
    Route("GET", "/limits", "show_limits", Guard.ANYBODY, reading.show_limits),
    Route("GET", "/me", "show_me", Guard.ACCOUNT, reading.show_me),
    Route("POST", "/sessions", "open_session", Guard.ACCOUNT, sessions.open_session),
    Route("POST", "/sessions/renew", "renew_session", Guard.ANYBODY, sessions.renew_session),
    Route("GET", "/accounts/{handle}", "show_account", Guard.ANYBODY, reading.show_account),
    Route("POST", "/media", "upload_media", Guard.ACCOUNT, writing.upload_media),
    Route("GET", "/media/{media_id}", "show_media", Guard.ACCOUNT, reading.show_media),
    Route("PATCH", "/media/{media_id}", "describe_media", Guard.ACCOUNT, writing.describe_media),
    Route("POST", "/posts", "create_post", Guard.ACCOUNT, writing.create_post),
    Route("GET", "/posts", "list_posts", Guard.ACCOUNT, reading.list_posts),
    Route("GET", "/posts/{post_id}", "show_post", Guard.ANYBODY, reading.show_post),
    Route("PATCH", "/posts/{post_id}", "edit_post", Guard.ACCOUNT, writing.edit_post),
    Route("DELETE", "/posts/{post_id}", "delete_post", Guard.ACCOUNT, writing.delete_post),
    Route("GET", "/posts/{post_id}/replies", "list_replies", Guard.ANYBODY, reading.list_replies),
    Route("GET", "/posts/{post_id}/thread", "show_thread", Guard.ANYBODY, reading.show_thread),
    Route("GET", "/readings", "read_posts", Guard.ACCOUNT, reactions.read_posts),
    Route("GET", "/posts/{post_id}/readings", "read_post", Guard.ACCOUNT, reactions.read_post),
    Route(
        "GET", "/accounts/{handle}/readings", "read_account", Guard.ACCOUNT, reactions.read_account
    ),
    Route(
        "GET",
        "/accounts/{handle}/followers",
        "list_followers",
        Guard.ANYBODY,
        reactions.list_followers,
    ),
    Route("GET", "/ledger", "read_ledger", Guard.ADMIN, admin.read_ledger),
    Route("POST", "/admin/accounts", "create_account", Guard.ADMIN, admin.create_account),
    Route("GET", "/admin/accounts", "list_accounts", Guard.ADMIN, admin.list_accounts),
    Route("POST", "/admin/accounts/{handle}/tokens", "issue_token", Guard.ADMIN, admin.issue_token),
    Route("DELETE", "/admin/tokens/{token_id}", "revoke_token", Guard.ADMIN, admin.revoke_token),
    Route("GET", "/admin/sessions", "list_sessions", Guard.ADMIN, sessions.list_sessions),
    Route(
        "DELETE", "/admin/sessions/{session_id}", "end_session", Guard.ADMIN, sessions.end_session
    ),
    Route("GET", "/admin/remarks", "list_remarks", Guard.ADMIN, reactions.list_remarks),
    Route("POST", "/admin/faults", "add_fault", Guard.ADMIN, admin.add_fault),
    Route("GET", "/admin/faults", "list_faults", Guard.ADMIN, admin.list_faults),
    Route("DELETE", "/admin/faults", "clear_faults", Guard.ADMIN, admin.clear_faults),
    Route("DELETE", "/admin/faults/{fault_id}", "remove_fault", Guard.ADMIN, admin.remove_fault),
    Route("GET", "/admin/clock", "show_clock", Guard.ADMIN, admin.show_clock),
    Route("POST", "/admin/clock", "set_clock", Guard.ADMIN, admin.set_clock),
)
