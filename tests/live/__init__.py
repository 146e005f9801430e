"""Connectors against the platforms' own reference servers, running on this machine.

`make live` runs these. The first run installs the servers into .cache (a few minutes, a
compiler is needed); later runs start them within a second or two.
"""
