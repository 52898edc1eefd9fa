"""The front door in a browser: read-only pages and `/api/v1`, over the verbs flows and cli call. Knows no Prefect."""
