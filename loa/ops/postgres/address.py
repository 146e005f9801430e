"""Addresses of databases, as PostgreSQL's own programs take them."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

# Query parameters of a postgresql:// address that have a variable of the same meaning.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "require_auth": "PGREQUIREAUTH",
}


def environment(url: str) -> dict[str, str]:
    """Return the environment for psql, pg_dump and pg_restore to reach `url`.

    On a command line the password would be visible to everybody on the machine. Nothing
    else is taken from our own environment except PATH.
    """
    parts = urlsplit(url)
    found = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGCONNECT_TIMEOUT": "10",
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    }
    for name, value in parse_qsl(parts.query):
        if name in _VARIABLES:
            found[_VARIABLES[name]] = value
    return {name: value for name, value in found.items() if value}
