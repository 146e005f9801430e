"""The network's HTTP API, version 1, under /api/v1."""
