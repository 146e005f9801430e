"""What can be done with posts on the desk; one module per subject."""

from loa.create.actions.composing import (
    AlreadyOut,
    ConflictingEdit,
    PostDeleted,
    TooMuch,
    conflict_of,
    create_post,
    duplicate_post,
    restore_revision,
    save_post,
    settle_conflict,
)
from loa.create.actions.deleting import delete_post, delete_posts, restore_post
from loa.create.actions.noting import NothingSaid, add_note, delete_note
from loa.create.actions.reviewing import (
    Agreed,
    ContentChanged,
    MayNotApprove,
    NothingToReview,
    WordsMissing,
    approve,
    ask_changes,
    request_review,
    withdraw_request,
)
from loa.create.actions.ruling import NobodyListed, set_review_rule
from loa.create.actions.timing import (
    NoSuchTime,
    Scheduled,
    plan_post,
    read_local_time,
    schedule_post,
    send_now,
    unschedule_post,
)
from loa.create.actions.together import Draft, create_posts
from loa.create.actions.versions import Renewed, use_newest

__all__ = [
    "Agreed",
    "AlreadyOut",
    "ConflictingEdit",
    "ContentChanged",
    "Draft",
    "MayNotApprove",
    "NoSuchTime",
    "NobodyListed",
    "NothingSaid",
    "NothingToReview",
    "PostDeleted",
    "Renewed",
    "Scheduled",
    "TooMuch",
    "WordsMissing",
    "add_note",
    "approve",
    "ask_changes",
    "conflict_of",
    "create_post",
    "create_posts",
    "delete_note",
    "delete_post",
    "delete_posts",
    "duplicate_post",
    "plan_post",
    "read_local_time",
    "request_review",
    "restore_post",
    "restore_revision",
    "save_post",
    "schedule_post",
    "send_now",
    "set_review_rule",
    "settle_conflict",
    "unschedule_post",
    "use_newest",
    "withdraw_request",
]
