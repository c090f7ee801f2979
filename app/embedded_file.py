"""The service's own SQLite file: copied whole while it is written, proved, and put back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from app.access import OWNER
from app.audit import service as audit
from app.database import VERSIONS, SchemaUnknown, open_database
from app.guards import GUARDS, RETIRED
from app.rule_sets import service as rule_sets

BESIDE = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside its own."""

DAMAGED = "is no whole database of this service; take another copy"
PATIENCE = 0.5


class NotWhole(Exception):
    """A file is no whole database of this service."""


class InUse(Exception):
    """The service's own file is in use."""

    def __init__(self) -> None:
        super().__init__("the service is running, or another program has the file; stop it first")


def copy_whole(source: Path, target: Path) -> str:
    """Copy a database to a file that is not there, and return what it has; ``NotWhole`` where the copy does not prove.

    The copy is of one moment, whatever is written meanwhile, and is in place only once it is proved.
    """
    if not source.is_file():
        raise NotWhole("is not there; the service has kept nothing yet")
    with _unfinished(target) as half:
        _copy(source, half)
        facts = facts_of(half)
        half.replace(target)
    return facts


def put_in_place(source: Path, place: Path) -> tuple[str, Path | None]:
    """Put a proved copy of a database in place of another; return what it has and where the one before is kept.

    Raises ``NotWhole`` or ``InUse``; the file in place is then as it was.
    """
    if not source.is_file():
        raise NotWhole("is no file")
    place.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(place) as half:
        _copy(source, half)
        facts = facts_of(half)
        kept = _set_aside(place) if place.exists() else None
        half.replace(place)
    return facts, kept


def facts_of(path: Path) -> str:
    """Return what a database has, in words; raise ``NotWhole`` unless pages, references, schema and audit are sound."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            sound = opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            broken = opened.execute("PRAGMA foreign_key_check").fetchone()
            # A file of another program, or an empty one, would be made a new database of the service.
            opened.execute(f"SELECT version_num FROM {VERSIONS}")  # noqa: S608 - a name of our own
    except sqlite3.DatabaseError:
        raise NotWhole(DAMAGED) from None
    if not sound or broken is not None:
        raise NotWhole(DAMAGED)
    guards = {one for one, guard in GUARDS.items() if "sqlite" in guard.dialects} - RETIRED
    try:
        with closing(open_database(URL.create("sqlite", database=str(path)))) as database:
            database.refuse_unknown()
            if not database.is_at_head():
                database.migrate()
            with database.reading() as session:
                found = audit.check_chain(OWNER, session)
                number = rule_sets.number_published(OWNER, session)
    except SchemaUnknown as error:
        raise NotWhole(str(error)) from None
    except SQLAlchemyError:
        raise NotWhole(DAMAGED) from None
    if not guards <= triggers_of(path):
        raise NotWhole("it lacks guards that keep what is published from being changed")
    if found.fault is not None:
        raise NotWhole(f"the chain of its audit is broken: {found.fault}")
    return f"{number:,} rule sets in use and {found.events:,} events, all of which fit"


def triggers_of(path: Path) -> frozenset[str]:
    """Return the names of the triggers of a file."""
    with closing(sqlite3.connect(path)) as opened:
        found = opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    return frozenset(name for (name,) in found)


def _copy(source: Path, target: Path) -> None:
    """Copy page by page, in a transaction of its own; what is written meanwhile is in the copy or not at all."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as opened,
            closing(sqlite3.connect(target)) as copied,
        ):
            opened.backup(copied, pages=-1)
            copied.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError:
        raise NotWhole(DAMAGED) from None


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a name beside a file for what is not proved yet; nothing of it stays unless it is put in place."""
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        half.touch(mode=0o600, exist_ok=False)
        yield half
    finally:
        for one in (half, *(_beside(half))):
            one.unlink(missing_ok=True)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in BESIDE]


def _set_aside(place: Path) -> Path:
    """Give the file in place another name, with all that belongs to it; ``InUse`` where a program has it open."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(place, timeout=PATIENCE)) as held:
        try:
            # The one who leaves the journal of writes must be alone, and takes it into the file.
            (mode,) = held.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            raise InUse from None
        if mode != "delete":
            raise InUse
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept = place.with_name(f"{place.name}.{moment}")
    place.rename(kept)
    for old, new in zip(_beside(place), _beside(kept), strict=True):
        with suppress(FileNotFoundError):
            old.rename(new)
    return kept
