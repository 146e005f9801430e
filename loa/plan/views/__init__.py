"""Pages of the plan; one module per subject."""

from loa.plan.views.calendar import show_calendar
from loa.plan.views.copying import copy_week
from loa.plan.views.evergreen import (
    bring_back_evergreen,
    keep_refill,
    mark_evergreen,
    retire_evergreen,
    set_pool,
    show_evergreen,
    skip_refill,
)
from loa.plan.views.exports import export_plan
from loa.plan.views.feeds import make_feed, read_feed, show_feeds, withdraw_feed
from loa.plan.views.missing import settle_missed, show_missed
from loa.plan.views.moving import move_post, undo_move
from loa.plan.views.queue import (
    add_to_queue,
    close_gaps,
    move_in_queue,
    show_queue,
    suggest_slot,
    take_out_of_queue,
)
from loa.plan.views.series import (
    change_series,
    end_series,
    pause_series,
    repeat_words,
    resume_series,
    series_of_post,
    show_all_series,
    show_series,
    skip_date,
    speak_on,
    start_series,
)
from loa.plan.views.slots import add_slots, copy_slots, remove_slot, set_pacing, show_slots
from loa.plan.views.together import (
    delete_together,
    label_together,
    move_to_day,
    queue_together,
    shift_together,
    show_together,
)
from loa.plan.views.undoing import undo_together

__all__ = [
    "add_slots",
    "add_to_queue",
    "bring_back_evergreen",
    "change_series",
    "close_gaps",
    "copy_slots",
    "copy_week",
    "delete_together",
    "end_series",
    "export_plan",
    "keep_refill",
    "label_together",
    "make_feed",
    "mark_evergreen",
    "move_in_queue",
    "move_post",
    "move_to_day",
    "pause_series",
    "queue_together",
    "read_feed",
    "remove_slot",
    "repeat_words",
    "resume_series",
    "retire_evergreen",
    "series_of_post",
    "set_pacing",
    "set_pool",
    "settle_missed",
    "shift_together",
    "show_all_series",
    "show_calendar",
    "show_evergreen",
    "show_feeds",
    "show_missed",
    "show_queue",
    "show_series",
    "show_slots",
    "show_together",
    "skip_date",
    "skip_refill",
    "speak_on",
    "start_series",
    "suggest_slot",
    "take_out_of_queue",
    "undo_move",
    "undo_together",
    "withdraw_feed",
]
