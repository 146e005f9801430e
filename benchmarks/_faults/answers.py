"""F2, F12: the platform loses answers, and lies."""

from benchmarks._faults.case import Case

LOST: tuple[tuple[str, dict[str, object]], ...] = (
    ("drop", {}),
    ("reset", {}),
    ("truncate", {}),
    ("status", {"status": 502}),
    ("lose_answer", {"seconds": 1.0}),
)
# Refusals that say for sure that nothing was published; 401 and 429 have faults of their own.
REFUSALS = (400, 403, 404, 409, 410, 413, 422)
TROUBLES = (500, 502, 503, 504)
BODIES = ("error", "empty", "html", "half_json", "wrong_type")
SOME, FEW = 0.1, 0.004
# So many deliveries in each class meet every way to lose an answer, as good as surely.
MEETS_ALL = 200


def lost(case: Case) -> None:
    """F2: answers to accepted posts get lost, in five ways: each once for sure, and by chance.

    From 200 deliveries on every class meets each of them.
    """
    for number, (kind, more) in enumerate(LOST):
        case.order(f"an answer with {kind}", kind, when="after", count=1, skip=2 * number, **more)
        for name in case.size.classes:
            case.order(
                f"{kind} on {name}" if case.size.deliveries >= MEETS_ALL else "",
                kind,
                account=f"{name.replace('_', '')}*",
                when="after",
                count=None,
                probability=SOME,
                seed=case.chance.randint(1, 999),
                **more,
            )
    case.make_due()
    with case.workers():
        case.settled()
        case.calm_down()


def lied_to(case: Case) -> None:
    """F12: every status with every kind of body, before and after the post was accepted.

    Each once for sure, as far as a third of the posts reach, and by chance. A refusal of the
    network's own form is believed; where a liar publishes and refuses in one breath nothing can
    help, so after accepting only troubles and useless successes are told.
    """
    case.may_refuse = True
    lies = [("status", status, body, "before") for status in REFUSALS + TROUBLES for body in BODIES]
    lies += [("status", status, body, "after") for status in TROUBLES for body in BODIES]
    lies += [("malformed_body", 200, body, "after") for body in BODIES[1:]]
    case.make_due()
    case.chance.shuffle(lies)
    sure = lies[: len(case.posts) // 3]
    # Every second call is told one, so that hardly a post meets one lie after the other.
    for number, (kind, status, body, when) in enumerate(sure):
        what = f"{kind} {status} with {body}, {when}"
        case.order(what, kind, status=status, body=body, when=when, count=1, skip=number)
    for kind, status, body, when in lies:
        by_chance = {"probability": FEW, "seed": case.chance.randint(1, 99_999)}
        case.order("", kind, status=status, body=body, when=when, count=None, **by_chance)
    case.notes.append(f"{len(sure)} of {len(lies)} lies were sure to be told")
    with case.workers():
        case.settled()
        case.calm_down()
