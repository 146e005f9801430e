"""The network as people see it: a feed, profiles, posts with their threads, and the ledger."""
