"""F6, F7: the line is cut, slow and lossy, names are lost; clocks are wrong."""

import time
from datetime import timedelta

from benchmarks._faults.case import Case, work
from benchmarks._faults.proxy import line_to

CUT_S, LOSS, DELAY_S, BAD_S = 2.0, 0.1, 0.5, 4.0
LOST_NAMES = "0.3"
HOUR_S = 3600


def line_bad(case: Case) -> None:
    """F6: a cut, then loss and delay, with names that are not found; then all is well."""
    with line_to(case.scene.practice.base_url, case.chance) as line:
        case.address = line.address
        line.loss, line.delay_s = LOSS, DELAY_S
        case.make_due(parts=2)
        with case.workers(2, more={"FAULTS_LOST_NAMES": LOST_NAMES}):
            time.sleep(BAD_S / 2)
            line.break_off()
            time.sleep(CUT_S)
            line.cut = False
            time.sleep(BAD_S / 2)
            line.mend()
            case.settled()


def clocks_wrong(case: Case) -> None:
    """F7: workers whose clocks are an hour off, and one in another zone; nothing goes early.

    Half of the posts are due now and half in fifty minutes: a fast clock would send those, and
    a slow one would hold the others back.
    """
    case.open_channels()
    case.write(mark="now ")
    case.write(mark="later ", later=timedelta(minutes=50))
    case.put_down()
    due = {post.pk for post in case.posts if "later " not in post.document.opening}
    with (
        case.workers(more={"FAULTS_CLOCK_S": str(HOUR_S)}),
        case.workers(more={"FAULTS_CLOCK_S": str(-HOUR_S)}),
    ):
        time.sleep(3)
        early = [one for one in work() if one.state != "due"]
        case.wrong += [f"delivery {one.pk} was touched by a wrong clock" for one in early]
        with case.workers(more={"TZ": "Pacific/Chatham"}):
            until = time.monotonic() + 120
            while time.monotonic() < until:
                if all(one.state == "delivered" for one in work() if one.post_id in due):
                    break
                time.sleep(0.2)
    for one in work():
        if (one.post_id in due) != (one.state == "delivered"):
            case.wrong.append(f"delivery {one.pk} is {one.state}")
    case.not_yet = {post.pk for post in case.posts} - due
