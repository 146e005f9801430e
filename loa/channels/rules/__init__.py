"""Pure decisions about channels: whether one is healthy, and when to renew a grant."""
