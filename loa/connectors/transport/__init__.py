"""The one way out: every outgoing request of Loa is made here, and nowhere else.

A flow is driven with `drive(flow, platform=...)`, or with the `Drive` that `live()` gives.
`configure(...)` says, once per process, which private origins may be reached. What may be
reached at all is decided in addresses.py; the socket goes only to an address that was
checked, and no second look-up is made.
"""

from loa.connectors.transport.drive import BeforeVisible, Drive, close, configure, drive, live
from loa.connectors.transport.egress import Egress

__all__ = ["BeforeVisible", "Drive", "Egress", "close", "configure", "drive", "live"]
