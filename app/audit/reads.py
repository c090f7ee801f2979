"""Reads of pupil data as events: who, by which address, how many rows; never a row.

A what-if does not wait for its event. Reads are counted in memory by asker and address, and one writer
records the counts every few seconds, in a transaction of its own, and when the service stops. What is
counted and not yet recorded is lost where the process is ended outright: docs/decisions/audit-of-reads.md
says why.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from app.access import OWNER, Asker
from app.audit import service
from app.audit.anchors import keep_anchor
from app.database import Database
from app.observability.facts import RequestFacts

SECONDS = 5.0
"""How long a read is counted before it is recorded: as much of them is lost where the process is killed."""

logger = logging.getLogger("evenband")


class Reader(NamedTuple):
    """Who read pupil data, and through which address (its template)."""

    asker: Asker
    route: str


@dataclass(slots=True)
class Reads:
    """Reads of one reader that are not recorded yet."""

    first: datetime
    last: datetime
    requests: int = 0
    rows: int = 0

    def add(self, requests: int, rows: int, first: datetime, last: datetime) -> None:
        """Add reads to these."""
        self.requests += requests
        self.rows += rows
        self.first, self.last = min(self.first, first), max(self.last, last)

    @property
    def detail(self) -> dict[str, str | int]:
        """Return what the event says."""
        return {
            "requests": self.requests,
            "rows": self.rows,
            "first": self.first.isoformat(timespec="seconds"),
            "last": self.last.isoformat(timespec="seconds"),
        }


class PupilReads:
    """Reads of pupil data that are not recorded yet, by reader."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = threading.Lock()
        self._pending: dict[Reader, Reads] = {}

    def observe(self, facts: RequestFacts, state: Mapping[str, Any]) -> None:
        """Count a request that had rows of pupils, whatever was answered: they were sent and read."""
        rows, asker = state.get("pupil_rows", 0), state.get("asker")
        if rows and asker is not None:
            now = datetime.now(UTC)
            self._add(Reader(asker, facts.route), 1, rows, now, now)

    def _add(
        self, reader: Reader, requests: int, rows: int, first: datetime, last: datetime
    ) -> None:
        with self._lock:
            self._pending.setdefault(reader, Reads(first, last)).add(requests, rows, first, last)

    def record(self, database: Database) -> None:
        """Record what is counted, an event for each reader, all of them or none; on failure it stays counted."""
        with self._lock:
            pending, self._pending = self._pending, {}
        if not pending:
            return
        try:
            with database.writing() as session:
                for reader, reads in pending.items():
                    action = service.Action.pupils_read
                    service.record(reader.asker, session, action, reader.route, reads.detail)
        except SQLAlchemyError:
            for reader, reads in pending.items():
                self._add(reader, reads.requests, reads.rows, reads.first, reads.last)
            raise


class AuditWriter:
    """What a running service does for its audit: it records reads, and keeps an anchor each day."""

    def __init__(self, database: Database, reads: PupilReads, anchors: Path | None) -> None:
        """Write to a database, and anchors into a folder where there is one."""
        self.database, self.reads, self.anchors = database, reads, anchors
        self._stopping = threading.Event()
        self._anchored: str | None = None

    @contextmanager
    def running(self, seconds: float = SECONDS) -> Iterator[None]:
        """Write every few seconds on a thread, and at the end once more."""
        thread = threading.Thread(target=self._write_until_stopped, args=(seconds,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join()
            self.write(is_end=True)

    def _write_until_stopped(self, seconds: float) -> None:
        while not self._stopping.wait(seconds):
            self.write()

    def write(self, *, is_end: bool = False) -> None:
        """Record reads, and keep the anchor that is due; what fails is logged, and tried again the next time."""
        try:
            self.reads.record(self.database)
            self._keep_anchor(is_end=is_end)
        except (SQLAlchemyError, OSError) as error:
            logger.warning("the audit could not be written: %s", type(error).__name__)

    def _keep_anchor(self, *, is_end: bool) -> None:
        """Keep an anchor at the first event of a day, and another at the end where there were more events."""
        today = datetime.now(UTC).date()
        if self.anchors is None or (self._anchored == today.isoformat() and not is_end):
            return
        with self.database.reading() as session:
            found = service.anchor(OWNER, session, today)
            is_of_today = found is not None and service.is_of(OWNER, session, today)
        if found is not None and (is_of_today or is_end):
            keep_anchor(self.anchors, found)
            self._anchored = today.isoformat()
