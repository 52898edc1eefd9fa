"""Tables, the store, and queries that return plain values. Imports `texts` and `rules` only."""

from models.status import status_of
from models.status_table import StatusTable
from models.store import Store

__all__ = ["StatusTable", "Store", "status_of"]
