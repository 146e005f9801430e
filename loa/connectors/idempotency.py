"""What stands between a lost answer and a duplicate, for one channel."""

from collections.abc import Mapping

from loa.connectors.contract import Connector, Idempotency
from loa.kernel.json import JSON

FACT = "idempotency"


def idempotency_of(connector: Connector, facts: Mapping[str, JSON]) -> Idempotency:
    """Return the class of one channel: what it said when it connected, else its platform's.

    facts: the channel's. Raises ValueError when they name a class that does not exist: a
    guess here could publish twice.
    """
    said = facts.get(FACT)
    return connector.idempotency if said is None else Idempotency(str(said))
