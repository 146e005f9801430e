"""The contract between Loa and the platforms: values, errors, registry, replay, transport.

Knows no platform. A platform folder (loa/platforms/<name>/) fulfils what contract.py asks.
"""
