"""The landing page: what needs a person now, across all stages of the work."""
