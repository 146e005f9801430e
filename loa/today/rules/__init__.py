"""Pure decisions about the day: what needs whom, in which order; what a typed word may mean."""
