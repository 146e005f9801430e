"""Run a flow against recorded answers, without a network."""

from collections.abc import Sequence

from loa.connectors.contract import Answer, Flow, Request, Wait


def replay[T](flow: Flow[T], answers: Sequence[Answer | Exception]) -> tuple[T, list[Request]]:
    """Send `answers` into `flow` and return its value and the requests it made.

    An exception in the list is thrown into the flow, as the transport would. Waits are
    answered at once. A flow that asks for more than it is given, or for less, is a failed test.
    """
    made: list[Request] = []
    left = list(answers)
    try:
        step = next(flow)
        while True:
            if isinstance(step, Wait):
                step = flow.send(None)
                continue
            made.append(step)
            if not left:
                raise AssertionError(f"no answer left for {step.method} {step.url}")
            answer = left.pop(0)
            step = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    except StopIteration as end:
        if left:
            raise AssertionError(f"{len(left)} answers were never asked for") from None
        return end.value, made
