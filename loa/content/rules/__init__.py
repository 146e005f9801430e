"""Pure decisions about content: what a variant shows, what was approved, planned times."""
