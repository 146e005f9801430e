"""Pages of the plan; one module per subject."""

from loa.plan.views.calendar import show_calendar
from loa.plan.views.feeds import make_feed, read_feed, show_feeds, withdraw_feed
from loa.plan.views.moving import move_post, undo_move
from loa.plan.views.queue import (
    add_to_queue,
    close_gaps,
    move_in_queue,
    show_queue,
    suggest_slot,
    take_out_of_queue,
)
from loa.plan.views.slots import add_slots, copy_slots, remove_slot, set_pacing, show_slots

__all__ = [
    "add_slots",
    "add_to_queue",
    "close_gaps",
    "copy_slots",
    "make_feed",
    "move_in_queue",
    "move_post",
    "read_feed",
    "remove_slot",
    "set_pacing",
    "show_calendar",
    "show_feeds",
    "show_queue",
    "show_slots",
    "suggest_slot",
    "take_out_of_queue",
    "undo_move",
    "withdraw_feed",
]
