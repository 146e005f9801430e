"""Read and clear a case's rows, however often the database just went away."""

import time
from collections.abc import Callable, Collection
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loa.publish.models import Delivery


def work() -> "list[Delivery]":
    """Return every delivery as it is now, however often the database just went away."""
    from tests.faults.workers import all_work  # noqa: PLC0415

    return whatever_happens(all_work)


def unsettled(among: "Collection[int] | None" = None) -> "list[Delivery]":
    """Return some of the deliveries, or of those `among`, that are not over yet; none when all are.

    A thread with a part to come is not over, nor is a doubt that needs no person.
    """
    from django.db.models import Q  # noqa: PLC0415

    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Delivery  # noqa: PLC0415

    def read() -> "list[Delivery]":
        with fence.everywhere("see whether the deliveries of a case are over"):
            over = Q(state__in=("delivered", "failed", "cancelled"))
            over |= Q(state="uncertain", needs_person=True)
            rest = Delivery.all_work.exclude(over)
            if among is not None:
                rest = rest.filter(pk__in=among)
            return list(rest.select_related("channel", "variant__post")[:20])

    return whatever_happens(read)


def whatever_happens[Found](do: "Callable[[], Found]") -> Found:
    """Do something with the database, again when it went away meanwhile."""
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415

    for _ in range(50):
        try:
            return do()
        except (OperationalError, InterfaceError):
            disconnect()
            time.sleep(0.2)
    return do()


def forget() -> None:
    """Take a case's rows out of the way of the next one."""
    from loa.ops import fence  # noqa: PLC0415
    from loa.publish.models import Attempt, Delivery, DeliveryPart  # noqa: PLC0415

    with fence.everywhere("clear a case of the fault table"):
        Attempt.objects.all().delete()
        DeliveryPart.objects.all().delete()
        Delivery.all_work.all().delete()
    disconnect()


def disconnect() -> None:
    """Give back this thread's connection."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def in_threads(todo: list[Callable[[], None]]) -> None:
    """Do everything at once, each in a thread with a connection of its own."""
    if len(todo) == 1:
        todo[0]()
        return

    def closing(one: Callable[[], None]) -> None:
        try:
            one()
        finally:
            disconnect()

    threads = [Thread(target=closing, args=(one,)) for one in todo]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
