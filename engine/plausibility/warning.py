"""What a figure that may be wrong is asked: a kind, a sentence, and the figure that was perhaps meant.

A warning changes no amount and stops nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int

FEW = 3
"""Warnings of a kind that have a line each where they are counted; of more, so many rows are named."""


class Doubt(StrEnum):
    """The kinds of warnings, each with what it says of many rows."""

    share = "share"
    """a number of pupils between 0 and 1, as shares are"""
    more_than_all = "more_than_all"
    """a part above its whole"""
    deprivation = "deprivation"
    """bands of income deprivation together above the pupils"""
    needs = "needs"
    """pupils with plans and on SEN support together above the pupils"""
    share_of_formula = "share_of_formula"
    """notional SEN that is a share of formula funding as no authority's is"""
    last_year = "last_year"
    """last year's budget a pupil, pupils or amount far from this year's"""
    not_funded = "not_funded"
    """figures of the formula at a school that it does not fund"""
    support_cost = "support_cost"
    """a cost of SEN support above what a school meets"""
    amount = "amount"
    """an amount far above what the school's pupils or other lines bring"""
    assessed_cost = "assessed_cost"
    """an assessed cost far from every price of the rules"""
    top_up_today = "top_up_today"
    """today's top-up far from what the rules pay a year"""
    hours = "hours"
    """hours a week beyond a school week"""
    part_of_year = "part_of_year"
    """a number of parts of the year so small that the year as one may be meant"""
    rules = "rules"
    """a value or label of the rules that may not be meant"""


OF_MANY = {
    Doubt.share: "a number of pupils is between 0 and 1: is it a share of the pupils?",
    Doubt.more_than_all: "a line counts more pupils than the school has",
    Doubt.deprivation: "the bands of income deprivation together count more pupils than the school has",
    Doubt.needs: "pupils with plans and on SEN support together are more than the school has",
    Doubt.share_of_formula: "notional SEN is a share of formula funding outside the range of authorities' own",
    Doubt.last_year: "last year's budget a pupil, pupils or amounts are far from this year's: check pounds and pupils",
    Doubt.not_funded: (
        "a school of a phase that the schools formula does not fund has figures of its lines, which are left out"
    ),
    Doubt.support_cost: "a pupil on SEN support costs more than a school is expected to meet: pounds or pence?",
    Doubt.amount: "an amount is far above what everything else brings: pounds or pence?",
    Doubt.assessed_cost: "assessed_cost is far from every price of the rules: pounds or pence?",
    Doubt.top_up_today: "top_up, as paid today, is far from what the rules pay a year: pounds or pence?",
    Doubt.part_of_year: "parts_on_roll is a very small part of the year: is a whole year, or a share of it, meant?",
    Doubt.hours: "hours a week are more than a school week and as much again",
    Doubt.rules: "a value of the rules may not be meant",
}
"""What a warning says of many rows at once: no figure of any of them."""


class Correction(NamedTuple):
    """The figure that was perhaps meant, as a table writes it, and the column that it is for."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class PlausibilityWarning:
    """One figure that may be wrong: where it is, and what to look at.

    ``of`` is school, pupil or rules; ``row`` that of the table as sent, None for the rules. A sentence
    about a pupil has none of the pupil's values.
    """

    of: str
    kind: Doubt
    row: int | None
    columns: tuple[str, ...]
    sentence: str
    correction: Correction | None = None

    def __str__(self) -> str:
        """Return the row and the sentence as one line."""
        return self.sentence if self.row is None else f"row {self.row}: {self.sentence}"


Words = tuple[str, Correction | None]


@dataclass(frozen=True, slots=True)
class Check:
    """The places of a table where one thing may be wrong, and how to say it of one of them.

    ``of_many`` says it of many at once, where what its kind says of many is not what is wrong.
    """

    of: str
    kind: Doubt
    columns: tuple[str, ...]
    places: Int
    say: Callable[[int], Words]
    of_many: str = ""

    def warning(self, place: int, row: int) -> PlausibilityWarning:
        """Return the warning about one place, which has a row of the table as sent."""
        return PlausibilityWarning(self.of, self.kind, row, self.columns, *self.say(place))


@dataclass(frozen=True, slots=True)
class WarningCount:
    """How many warnings of one kind there are, in how many rows, the first of these, and what is said of all."""

    of: str
    kind: Doubt
    number: int
    rows: int
    first_rows: tuple[int, ...]
    of_many: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return what is said of many rows of the kind: no figure of any of them."""
        return "; ".join(self.of_many) or OF_MANY[self.kind]

    def __str__(self) -> str:
        """Return the count, the first rows and what it is about, as one line."""
        named = ", ".join(map(str, self.first_rows))
        more = ", …" if self.rows > len(self.first_rows) else ""
        return f"{self.rows:,} rows ({named}{more}): {self.sentence}"


@dataclass(frozen=True, slots=True)
class Warnings:
    """The warnings about a table and its rules: ``rows`` are those of the table as sent."""

    of_rules: tuple[PlausibilityWarning, ...]
    checks: tuple[Check, ...]
    rows: NDArray[np.signedinteger]

    def __len__(self) -> int:
        """Return how many warnings there are."""
        return len(self.of_rules) + sum(len(one.places) for one in self.checks)

    def __iter__(self) -> Iterator[PlausibilityWarning]:
        """Yield those about the rules, and then each of a row, in the order of rows."""
        yield from self.of_rules
        found = [
            (int(self.rows[at]), n, at)
            for n, one in enumerate(self.checks)
            for at in one.places.tolist()
        ]
        for row, number, at in sorted(found):
            yield self.checks[number].warning(at, row)

    def at(self, place: int) -> tuple[PlausibilityWarning, ...]:
        """Return the warnings about one place of the table."""
        row = int(self.rows[place])
        return tuple(one.warning(place, row) for one in self.checks if place in one.places)

    def counts(self) -> tuple[WarningCount, ...]:
        """Return how many there are of each kind, those about rules first."""
        counted = (
            [WarningCount("rules", Doubt.rules, len(self.of_rules), 0, ())] if self.of_rules else []
        )
        for kind in Doubt:
            these = [one for one in self.checks if one.kind is kind]
            if not these:
                continue
            rows = np.unique(np.concatenate([self.rows[one.places] for one in these]))
            number = sum(len(one.places) for one in these)
            first = tuple(rows[:FEW].tolist())
            said = tuple(dict.fromkeys(one.of_many or OF_MANY[kind] for one in these))
            counted.append(WarningCount(these[0].of, kind, number, len(rows), first, said))
        return tuple(counted)

    def lines(self) -> list[str]:
        """Return one line a warning, or for a kind of which several rows have more than a few one for all of them."""
        few = {one.kind for one in self.counts() if one.number <= FEW or one.rows == 1}
        each = [str(one) for one in self if one.kind in few or one.kind is Doubt.rules]
        return [*each, *(str(one) for one in self.counts() if one.kind not in few | {Doubt.rules})]


def found(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that find something."""
    return tuple(one for one in checks if len(one.places))
