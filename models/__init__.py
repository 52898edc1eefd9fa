"""Tables, the store, and queries that return plain values. Imports `texts` and `rules` only."""

from models.status import StatusTable, status_of
from models.store import Store

__all__ = ["StatusTable", "Store", "status_of"]
