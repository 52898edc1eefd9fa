"""Open a store that is ready to be used: nothing is created or migrated by surprise."""

from pathlib import Path

from sqlalchemy import inspect, make_url, text

from models.store import Store
from texts import SaidError

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_VERSION_TABLE = "alembic_version"


class StoreNotReadyError(SaidError):
    """The database was not initialised, or stands at another revision; the message says what to do next."""

    exit_code = 3


def open_store(url: str) -> Store:
    """Return the store at `url`; raises StoreNotReadyError unless it stands at this version's revision."""
    if not _exists(url):
        raise StoreNotReadyError("store.not_initialised", database=shown(url))
    store = Store(url)
    try:
        _check_revision(store)
    except BaseException:
        store.close()
        raise
    return store


def shown(url: str) -> str:
    """Return a database URL as it may be printed: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def known_revisions() -> list[str]:
    """Return the revisions this version has migrations for, oldest first; files are named by number."""
    return sorted(path.stem.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


def stored_revision(store: Store) -> str | None:
    """Return the revision the store is at, or None for a database without a schema."""
    with store.reading() as session:
        if not inspect(session.connection()).has_table(_VERSION_TABLE):
            return None
        found = session.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def refuse_newer(store: Store) -> str:
    """Return this version's revision; raises StoreNotReadyError when the store stands at one it does not know."""
    found, known = stored_revision(store), known_revisions()
    if found is not None and found not in known:
        database = store.url.render_as_string(hide_password=True)
        raise StoreNotReadyError("store.newer", database=database, found=found, wanted=known[-1])
    return known[-1]


def _exists(url: str) -> bool:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return True
    return Path(parsed.database).exists()


def _check_revision(store: Store) -> None:
    wanted = refuse_newer(store)
    found = stored_revision(store)
    if found == wanted:
        return
    database = store.url.render_as_string(hide_password=True)
    if found is None:
        raise StoreNotReadyError("store.not_initialised", database=database)
    raise StoreNotReadyError("store.older", database=database, found=found, wanted=wanted)
