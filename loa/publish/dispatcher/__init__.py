"""The machinery that sends: claims what is due, sends it, records it, settles doubts.

worker.py ties it together; one Worker runs in every `loa work`. claims.py takes due
deliveries and freezes what they say; lanes.py hands them to sender threads, fairly;
sending.py makes the calls; recorder.py commits markers and results, many at a time, on the
session that holds this worker's advisory lock; doubts.py settles what is uncertain;
sweeping.py takes over what dead workers left.
"""

from loa.publish.dispatcher.pace import Pace
from loa.publish.dispatcher.worker import Worker

__all__ = ["Pace", "Worker"]
