import threading
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from config.reference import load_reference_data
from models import Store
from models.opening import known_revisions, stored_revision
from models.reference import load_reference, read_reference
from models.schema import migrate
from models.tables import METADATA


def test_migrations_make_exactly_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_an_empty_database_is_migrated_once(empty_store: Store) -> None:
    assert stored_revision(empty_store) is None
    assert migrate(empty_store) == migrate(empty_store) == stored_revision(empty_store) == known_revisions()[-1]


@pytest.mark.parametrize("empty_store", ["sqlite"], indirect=True)
def test_a_migration_waits_for_who_is_writing(empty_store: Store) -> None:
    migrating = threading.Thread(target=migrate, args=(empty_store,))
    with empty_store.writing() as session:
        session.execute(text("CREATE TABLE somebody_elses (id INTEGER)"))
        migrating.start()
        time.sleep(0.5)
    migrating.join()
    assert stored_revision(empty_store) == known_revisions()[-1]


def test_reference_data_comes_back_as_it_went_in(store: Store) -> None:
    shipped = load_reference_data()
    with store.writing() as session:
        load_reference(session, shipped)
    with store.reading() as session:
        kept = read_reference(session)
    assert list(kept.register.agencies) == list(shipped.register.agencies)
    assert (kept.calendar, kept.milestones, kept.ladder) == (shipped.calendar, shipped.milestones, shipped.ladder)
    assert sorted(kept.contacts, key=str) == sorted(shipped.contacts, key=str)


def test_store_names_itself_without_its_password() -> None:
    assert "hunter2" not in repr(Store("postgresql+psycopg://dondoc:hunter2@localhost/dondoc"))
