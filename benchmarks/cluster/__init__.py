"""Several machines on one: a PostgreSQL, a Prefect server, workers behind proxies that can be cut."""
