"""The start of the service: schema, rule sets, kernels, or one sentence on why it cannot start."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from app.access import OWNER
from app.database import Database, ReferencesBroken, SchemaUnknown, open_database
from app.health import Readiness
from app.rule_sets.publish import publish_folder
from app.rule_sets.service import compile_every
from app.settings import Settings

logger = logging.getLogger("evenband")

_DAMAGED = "is damaged; put back a copy of it"
_SQLITE = {
    "SQLITE_NOTADB": "is not a database; name another file, or put back a copy of it",
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_BUSY": "is held by another program; end that, and start again",
    "SQLITE_LOCKED": "is held by another program; end that, and start again",
    "SQLITE_READONLY": "cannot be written; allow writing to the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened; allow writing to the file and its folder",
    "SQLITE_PERM": "cannot be opened; allow writing to the file and its folder",
    "SQLITE_FULL": "cannot grow, as its disk is full",
    "SQLITE_IOERR": "cannot be read or written; its disk is full or fails",
}
_OTHERWISE = "could not be brought up to date; put back a copy of it, or name another"
_ELSEWHERE = "the database of EVENBAND_DATABASE_URL"
_NOT_REACHED = "does not answer, or refuses what the service needs there"
_NOT_ALLOWED = "42501"
"""What PostgreSQL calls a right that its user lacks."""


class StartRefused(Exception):
    """The service cannot start; the sentence says why."""


def open_storage(settings: Settings) -> Database:
    """Return the database of the settings, or raise ``StartRefused``."""
    with _in_a_sentence(settings):
        return open_database(settings.address)


def start(settings: Settings, database: Database, readiness: Readiness) -> None:
    """Bring the schema to head, publish the rule sets and compile rules and kernels.

    Raises ``StartRefused`` where the database cannot be used.
    """
    prepare(settings, database)
    with _in_a_sentence(settings):
        with database.writing() as session:
            publish_folder(OWNER, session, settings.rules_folder)
        readiness.rules_published = True
        if settings.warm_at_start:
            # Compiling takes seconds, and nothing but the start of the service asks for it.
            from engine.warm import warm  # noqa: PLC0415

            warm()
            with database.reading() as session:
                compile_every(OWNER, session)


def prepare(settings: Settings, database: Database) -> None:
    """Bring the schema to head where the settings let it, or raise ``StartRefused``."""
    with _in_a_sentence(settings):
        owner = settings.owner_address
        if owner is not None and settings.migrate_at_start:
            with closing(open_database(owner, serves_as=settings.address.username)) as owned:
                owned.migrate()
        database.prepare()
        if owner is None and settings.migrate_at_start:
            database.migrate()


@contextmanager
def _in_a_sentence(settings: Settings) -> Iterator[None]:
    try:
        yield
    except SchemaUnknown as error:
        raise StartRefused(f"{_place(settings)}{error}") from None
    except ReferencesBroken:
        raise StartRefused(_about(settings, _DAMAGED)) from None
    except SQLAlchemyError as error:
        raise StartRefused(_sentence(error, settings)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise StartRefused(f"{where}{error.strerror or 'cannot be read or written'}") from None


def _sentence(error: SQLAlchemyError, settings: Settings) -> str:
    """Return what is wrong with the database."""
    driver = error.orig if isinstance(error, DBAPIError) else None
    if settings.address.get_backend_name() != "sqlite":
        gone = driver is None or isinstance(error, InterfaceError | OperationalError)
        refused = getattr(driver, "sqlstate", None) == _NOT_ALLOWED
        return _about(settings, _NOT_REACHED if gone or refused else _OTHERWISE)
    name = getattr(driver, "sqlite_errorname", "") if isinstance(driver, sqlite3.Error) else ""
    reason = next((words for code, words in _SQLITE.items() if name.startswith(code)), _OTHERWISE)
    return _about(settings, reason)


def _about(settings: Settings, reason: str) -> str:
    """Return a sentence about the database; an address may hold a password and is not repeated."""
    of_a_file = settings.address.get_backend_name() == "sqlite"
    return f"{_place(settings)}the database {reason}" if of_a_file else f"{_ELSEWHERE} {reason}"


def _place(settings: Settings) -> str:
    is_file = settings.address.get_backend_name() == "sqlite"
    return f"{settings.address.database}: " if is_file else ""
