"""Pure decisions about sending: the life cycle of a delivery, retries, settling."""
