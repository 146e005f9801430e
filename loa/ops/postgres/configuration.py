"""How the embedded server is set: small, durable, reachable over one private socket only."""

PORT = 5432

# How a new data folder is made. The builtin C.UTF-8 sorts by code point on every machine alike;
# an order that follows the system's locale breaks indexes when that locale is updated.
NEW_DATA = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--data-checksums",
    # Spares initdb from trying out what this machine could bear.
    "--set=max_connections=80",
    "--set=shared_buffers=96MB",
    "--set=dynamic_shared_memory_type=posix",
    "--set=timezone=UTC",
)

# A small machine that also runs web, worker and practice network: little memory, few helper
# processes. Each line differs from PostgreSQL's own default for the reason beside it.
SMALL = {
    "max_connections": "80",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "48MB",
    "autovacuum_max_workers": "2",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",  # two cores, short queries; also spares /dev/shm
    "max_parallel_maintenance_workers": "0",
    "io_method": "sync",  # saves three helper processes
    "jit": "off",
    "huge_pages": "off",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "wal_level": "minimal",  # no replicas of an embedded server; `loa backup` reads it live
    "max_wal_senders": "0",
    "random_page_cost": "1.2",
}

# What people wrote may stand in a failing statement, so statements stay out of the log.
DISCREET = {
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}

ALWAYS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0777",  # the folder is 0700; root and the owner both get in
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "lc_messages": "C",
    "restart_after_crash": "on",
}

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Every login over the socket proves that it knows a password; nothing else is let in.
LOGINS = "# Written by Loa at each start.\nlocal all all scram-sha-256\n"


def arguments(*, socket: str, durable: bool) -> list[str]:
    """Return the server's command-line settings; they win over any file in the data folder."""
    chosen = ALWAYS | SMALL | DISCREET | (DURABLE if durable else THROWAWAY)
    chosen["unix_socket_directories"] = socket
    return [f"--{name}={value}" for name, value in chosen.items()]
