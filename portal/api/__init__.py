"""`/api/v1`: the same answers as the pages, as JSON, for other systems."""

from portal.api.reading import routes

PATH = "/api/v1"

__all__ = ["PATH", "routes"]
