"""A simulated social network on which Loa is tried, trained and tested.

A process of its own with an HTTP API, an audience and an append-only ledger. It knows
nothing of Loa; its ledger is the independent witness of what was published.
"""
