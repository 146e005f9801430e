"""What can be done with channels; one module per subject."""

from loa.channels.actions.connecting import (
    CannotConnect,
    WrongState,
    connect_with_form,
    disconnect_channel,
    finish_grant,
    open_practice_channel,
    start_grant,
)
from loa.channels.actions.grants import (
    drive_channel,
    mark_lost,
    open_grant,
    opens_at_once,
    renew_grant,
)
from loa.channels.actions.keeping import check_channel, check_stale_channels
from loa.channels.actions.sunsets import note_sunsets

__all__ = [
    "CannotConnect",
    "WrongState",
    "check_channel",
    "check_stale_channels",
    "connect_with_form",
    "disconnect_channel",
    "drive_channel",
    "finish_grant",
    "mark_lost",
    "note_sunsets",
    "open_grant",
    "open_practice_channel",
    "opens_at_once",
    "renew_grant",
    "start_grant",
]
