"""What took the place of the rules that an answer rests on: said wherever such an answer is given."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from app.models import State
from app.rule_sets.repository import StoredVersion


@dataclass(frozen=True, slots=True)
class LaterRules:
    """The version that is used today in place of the one that an answer rests on.

    ``known`` is the day on whose knowledge the answer rests, None where a version was named. ``number`` and
    ``published`` are of the version of today, None where none is in use.
    """

    used: int
    state: State
    ended: date | None
    known: date | None
    number: int | None
    published: date | None

    @property
    def took_its_place(self) -> bool:
        """Return whether the version of today took the place of the other one, and is no other beside it."""
        return self.state is State.superseded

    @property
    def sentence(self) -> str:
        """Return in one sentence that another version is used today, and how its answer is had."""
        if self.number is None:
            return self.statement
        field = "version" if self.known is None else "known"
        return f"{self.statement}; leave out {field} to use it"

    @property
    def statement(self) -> str:
        """Return that another version is used today, without how its answer is had."""
        if self.number is None:
            ended = f"was withdrawn on {self.ended}" if self.ended else "is in use no more"
            return f"version {self.used} of these rules {ended}, and no version of them is in use today"
        place = "took the place of" if self.took_its_place else "is used today, and not"
        return (
            f"version {self.number} of these rules, published on {self.published}, {place} version {self.used},"
            f" and may give another answer"
        )


def end_of(day: date) -> datetime:
    """Return the last moment of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)


def day_of(moment: datetime | None) -> date | None:
    """Return the day of a moment, in UTC."""
    return None if moment is None else moment.astimezone(UTC).date()


def later_rules(
    used: StoredVersion, known: date | None, today: StoredVersion | None
) -> LaterRules | None:
    """Return what is used today in place of a version, None where it is the same text."""
    if today is not None and today.digest == used.digest:
        return None
    number, published = (
        (None, None) if today is None else (today.number, day_of(today.published_at))
    )
    return LaterRules(used.number, used.state, day_of(used.ended_at), known, number, published)
