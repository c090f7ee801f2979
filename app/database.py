"""The database: one engine, two kinds of session, and the one place that commits."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from anyio import CancelScope
from fastapi import Depends, Request
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.models import Base
from engine.data import data_folder

BUSY_MILLISECONDS = 10_000
MIGRATIONS = data_folder(Path(__file__).resolve().parent, "migrations")


VERSIONS = "alembic_version"
"""The table in which the migrations keep the revision of the schema."""

TABLES = frozenset(Base.metadata.tables)
"""The tables of the newest schema."""

_COPY = "Put back a copy made before, or name another database"


_NOT_KNOWN = (
    "is not one that this release knows: a later release, which is then the one to use, or "
    "something else has changed it"
)


class SchemaUnknown(Exception):
    """The schema of the database is not one that this release may bring up to date."""


class ReferencesBroken(Exception):
    """Rows refer to rows that are not there."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the migrations that its schema comes from."""

    engine: Engine
    migrations: Config

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits at the end, or keeps nothing when an error leaves it."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that takes no writer's lock and keeps nothing."""
        with self.reader() as session:
            yield session

    def reader(self) -> Session:
        """Return a session that only reads; it asks for a connection when it is first used."""
        reading = self.engine.execution_options(postgresql_readonly=True)
        return Session(reading, autoflush=False)

    def is_at_head(self) -> bool:
        """Return whether the schema is the newest that the migrations know."""
        heads = set(self._scripts().get_heads())
        return set(self._revisions()) == heads

    def refuse_unknown(self) -> None:
        """Raise ``SchemaUnknown`` where the schema is none that the migrations made.

        Only reads: a database of another program, or of a later release, stays as it is.
        """
        with self._asking() as connection:
            names = inspect(connection)
            present = frozenset(names.get_table_names())
            columns = names.get_columns(VERSIONS) if VERSIONS in present else []
            if VERSIONS in present and "version_num" not in {one["name"] for one in columns}:
                raise SchemaUnknown(f"the database's schema {_NOT_KNOWN}. {_COPY}.")
            revisions = _revisions(connection)
        fault = _fault(frozenset(revisions), present & TABLES, self._scripts())
        if fault is not None:
            raise SchemaUnknown(f"the database's schema {fault}. {_COPY}.")

    def _scripts(self) -> ScriptDirectory:
        return ScriptDirectory.from_config(self.migrations)

    def _revisions(self) -> tuple[str, ...]:
        with self._asking() as connection:
            return _revisions(connection)

    def _asking(self) -> Connection:
        return self.engine.execution_options(postgresql_readonly=True).connect()

    def prepare(self) -> None:
        """Refuse a schema that is not known; let an SQLite file be read while it is written."""
        self.refuse_unknown()
        if self.engine.dialect.name != "sqlite":
            return
        with closing(self.engine.raw_connection()) as raw:
            # The file stores this setting, so a refused file must not get it.
            raw.cursor().execute("PRAGMA journal_mode = WAL")

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema up to a revision, wholly or not at all; refuse one that is not known."""
        self.prepare()
        command.upgrade(self.migrations, revision)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _fault(
    revisions: frozenset[str], tables: frozenset[str], scripts: ScriptDirectory
) -> str | None:
    """Return why no migration may run on a schema of these revisions and of these tables of ours."""
    if revisions - {script.revision for script in scripts.walk_revisions()}:
        return _NOT_KNOWN
    if len(revisions) > 1:
        return f"is of {len(revisions)} revisions at once, which only something else can have done"
    if tables and not revisions:
        return f"is of no revision, although there is a table {min(tables)}"
    if revisions == set(scripts.get_heads()) and (absent := TABLES - tables):
        return f"is said to be the newest, although there is no table {min(absent)}"
    return None


def _revisions(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


def open_database(address: URL, *, serves_as: str | None = None) -> Database:
    """Return the database at an address.

    ``serves_as`` is the role of PostgreSQL that the service has where ``address`` is of the owner: migrating
    gives it the rights that it needs, and no others.
    """
    return Database(make_engine(address), migrations_of(address, serves_as))


def migrations_of(address: URL, serves_as: str | None = None) -> Config:
    """Return the project's migrations for the database at an address."""
    migrations = Config()
    # A per cent sign of a folder's name would be read as a place to fill in.
    migrations.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    migrations.attributes["address"] = address
    migrations.attributes["serves_as"] = serves_as
    return migrations


def make_engine(address: URL, *, foreign_keys: bool = True) -> Engine:
    """Return an engine whose transactions are whole on SQLite as they are on PostgreSQL.

    A missing folder of an SQLite file is made.
    """
    # Parameters hold what was sent, and errors are logged.
    if address.get_backend_name() != "sqlite":
        return create_engine(address, hide_parameters=True, pool_pre_ping=True)
    Path(cast("str", address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True)

    def connect(connection: Any, record: object) -> None:  # noqa: ARG001
        # The driver's own BEGIN comes too late for DDL and too weak for a check before a write.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    def start(connection: Connection) -> None:
        reads = connection.get_execution_options().get("postgresql_readonly", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)
    return engine


def database_of(request: Request) -> Database:
    """Return the database of the application that a request came to."""
    return cast("Database", request.app.state.database)


async def check_write(request: Request) -> None:
    """Refuse a change that a page of elsewhere may have caused, before a session is opened for it."""
    await request.app.state.identification.check_write(request)


def open_session(
    request: Request, _checked: Annotated[None, Depends(check_write)]
) -> Iterator[Session]:
    """Yield a session that commits when the endpoint returns and rolls back when it raises."""
    with database_of(request).writing() as session:
        yield session


async def open_reading_session(request: Request) -> AsyncIterator[Session]:
    """Yield a session that only reads; nothing waits for the database before the endpoint does."""
    session = database_of(request).reader()
    try:
        yield session
    finally:
        if session.in_transaction():
            # The caller may have gone: the connection is returned to the pool all the same.
            with CancelScope(shield=True):
                await run_in_threadpool(session.close)


# scope="function": commit before the answer is sent, so that a 201 means that it is stored.
SessionDep = Annotated[Session, Depends(open_session, scope="function")]
ReadSessionDep = Annotated[Session, Depends(open_reading_session, scope="function")]
