"""What can be done with the plan; one module per subject."""

from loa.plan.actions.feeds import (
    NewFeed,
    TooManyFeeds,
    hash_token,
    make_feed,
    note_reading,
    withdraw_feed,
)
from loa.plan.actions.moving import (
    Formerly,
    Moved,
    MovedMeanwhile,
    NothingToMove,
    effective_time,
    move_post,
    undo_move,
)
from loa.plan.actions.queueing import (
    NoFreeSlot,
    NotInQueue,
    Queued,
    add_to_queue,
    close_gaps,
    move_in_queue,
    take_out_of_queue,
)
from loa.plan.actions.slots import (
    NotAPacing,
    NotASlot,
    TooManySlots,
    add_slot,
    copy_slots,
    remove_slot,
    set_pacing,
    set_slots,
)

__all__ = [
    "Formerly",
    "Moved",
    "MovedMeanwhile",
    "NewFeed",
    "NoFreeSlot",
    "NotAPacing",
    "NotASlot",
    "NotInQueue",
    "NothingToMove",
    "Queued",
    "TooManyFeeds",
    "TooManySlots",
    "add_slot",
    "add_to_queue",
    "close_gaps",
    "copy_slots",
    "effective_time",
    "hash_token",
    "make_feed",
    "move_in_queue",
    "move_post",
    "note_reading",
    "remove_slot",
    "set_pacing",
    "set_slots",
    "take_out_of_queue",
    "undo_move",
    "withdraw_feed",
]
