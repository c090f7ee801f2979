"""Rule sets of which a correction was published: the moments of their versions, as no service can set them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import NamedTuple

from fastapi.testclient import TestClient
from sqlalchemy import text

from app.access import OWNER
from app.database import Database
from app.main import create_app
from app.models import RuleVersion, State
from app.rule_sets.publish import publish
from app.settings import Settings
from engine.rules import RuleSet, load_rule_set
from engine.vocabulary import FIXTURES

TOY = "toy-2025-26"
TOY_TEXT = (FIXTURES / "rules" / "toy" / f"{TOY}.yaml").read_text(encoding="utf-8")
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser sends with what a page of the service does."""

FIRST, SECOND = datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 6, 1, 12, tzinfo=UTC)
"""The moments at which the first version and its correction were published."""

BEFORE, EARLY, LATE = date(2025, 2, 28), date(2025, 5, 31), date(2025, 6, 1)
"""Days on which nothing was known, the first version, and the correction."""


def toy(number: int, percent: str = "50", price: str = "10000") -> RuleSet:
    """Return the toy rules under a number, with another percentage of FSM6 and another price of band C."""
    written = TOY_TEXT.replace("version: 1", f"version: {number}", 1)
    written = written.replace(
        '"1000", notional_percent: "50"', f'"1000", notional_percent: "{percent}"'
    )
    return load_rule_set(written.replace('pounds: "10000"', f'pounds: "{price}"'))


CORRECTED = toy(1), toy(2, "60", "11000")


class Life(NamedTuple):
    """When a version was published, when that ended, and how."""

    published: datetime
    ended: datetime | None = None
    state: State = State.published


def keep(database: Database, documents: tuple[RuleSet, ...]) -> None:
    """Publish documents in their order."""
    with database.writing() as session:
        for one in documents:
            publish(OWNER, session, one)


def move(database: Database, lives: Mapping[int, Life]) -> None:
    """Set the moments of versions by their numbers, past the guards."""
    with database.engine.begin() as connection:
        on = " ON rule_version" if connection.dialect.name == "postgresql" else ""
        for name in ("rule_version_final", "rule_version_ended", "rule_version_steps"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
    with database.writing() as session:
        for row in session.query(RuleVersion):
            life = lives[row.number]
            row.published_at, row.ended_at, row.state = life.published, life.ended, life.state.value


OF_A_CORRECTION = {1: Life(FIRST, SECOND, State.superseded), 2: Life(SECOND)}


@contextmanager
def served(database: Database, url: str, folder: object) -> Iterator[TestClient]:
    """Give a caller of a service on a database that is filled already."""
    settings = Settings(
        database_url=url,
        warm_at_start=False,
        rules_folder=folder,
        migrate_at_start=False,
        hosts="testserver",
    )
    with TestClient(create_app(settings), headers=OWN_PAGE) as caller:
        yield caller
