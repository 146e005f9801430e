"""Ground for running Loa: clock, jobs, database server, fences, secrets, logging, health."""
