"""Published tables of plans as the margins that synthetic pupils add to; cells may say why they are empty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import polars as pl

from engine.data import FIXTURES
from engine.errors import Problem, TableRefused
from engine.lab.imports.published_table import PublishedTable, published_table
from engine.money import half_away, is_digits, number
from engine.reading.cell_spellings import whole_in
from engine.reading.report import refuse
from engine.reading.table_text import TableText
from engine.rules.yaml_source import read_yaml
from engine.vocabulary import ABSENT_SYMBOLS, SYMBOLS

SIGNS = tuple(word for words in SYMBOLS.values() for word in words)
YEAR = "academic_year"


@dataclass(frozen=True, slots=True)
class PlansRow:
    """One row of a table: its number in the file, and its cells."""

    number: int
    cells: dict[str, str]

    def plans(self, column: str) -> int | None:
        """Return the plans of a cell, or None where it holds a symbol instead of a number."""
        text = self.cells[column]
        return None if text in ABSENT_SYMBOLS else int(text)


class EhcTable:
    """One year of a published table, and what is wrong with the figures asked of it."""

    def __init__(
        self, frame: pl.DataFrame | TableText, needed: Sequence[str], year: str | None
    ) -> None:
        """Take the rows of a year, the last one of the table where none is named."""
        table = published_table(frame)
        missing = "is missing from the table of plans"
        refuse(table.problems(table.missing((YEAR, *needed), missing)))
        self.problems: list[Problem] = []
        years = {row[YEAR] for _, row in table.rows if row[YEAR]}
        self.year = year or max(years, default="")
        if self.year not in years:
            raise TableRefused([Problem("has no row for this year", "no-year", column=YEAR)])
        self.rows = tuple(self._rows(table, [name for name in needed if _counts(name)]))
        self.refuse()

    def _rows(self, table: PublishedTable, counts: Sequence[str]) -> Iterator[PlansRow]:
        for at, held in table.rows:
            if held[YEAR] != self.year:
                continue
            held |= {
                one: str(number) for one in counts if (number := whole_in(held[one])) is not None
            }
            wrong = [
                one for one in counts if not (held[one] in ABSENT_SYMBOLS or is_digits(held[one]))
            ]
            sentence = f"must be a whole number of plans or one of {', '.join(SIGNS)}"
            self.problems += [Problem(sentence, "unreadable", column=one, row=at) for one in wrong]
            yield PlansRow(at, held)

    def find(self, **wanted: str) -> list[PlansRow]:
        """Return the rows that have the wanted words."""
        return [
            row
            for row in self.rows
            if all(row.cells.get(name) == one for name, one in wanted.items())
        ]

    def needed(self, row: PlansRow, column: str) -> int:
        """Return a figure that margins cannot do without; a symbol in its place is a problem."""
        plans = row.plans(column)
        if plans is None:
            sentence = "has a symbol in place of a number; the margins need the number"
            problem = Problem(sentence, "not-published", column=column, row=row.number)
            self.problems.append(problem)
        return plans or 0

    def refuse(self) -> None:
        """Raise ``TableRefused`` if anything was wrong."""
        refuse(self.problems)


TEXTS = frozenset({"geographic_level", "la_code", "breakdown_topic", "breakdown", "age"})


def _counts(name: str) -> bool:
    return name not in TEXTS


FILE = FIXTURES / "imports" / "ehc.yaml"
PLANS = "ehc_plans"
POINTS = {"p10": 10, "p25": 25, "p50": 50, "p75": 75, "p90": 90}
TENTHS = 10
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class EhcMargins:
    """The margins by the names of their tables, with notes.

    ``left_out`` counts, for each share, the authorities that are too small for it or whose
    figures are not published.
    """

    year: str
    tables: Mapping[str, Rows]
    authorities: int
    plans: int
    national: int
    left_out: Mapping[str, int]


@cache
def _words() -> dict[str, Any]:
    held = read_yaml(FILE.read_text(encoding="utf-8")).value
    return held if isinstance(held, dict) else {}


def plan_margins(
    plans: pl.DataFrame | TableText,
    caseload: pl.DataFrame | TableText,
    ages: pl.DataFrame | TableText | None = None,
    *,
    year: str | None = None,
) -> EhcMargins:
    """Return margins from plans by need, the caseload by placement and authorities' plans by age.

    A symbol in place of a number is missing and never zero: the national figures must be
    there, an authority without a figure is in no share of it. Raises ``TableRefused``.
    """
    words = _words()
    needs, groups = list(words["needs"]), list(words["groups"])
    parts = [one for held in words["spread_of_placements"].values() for one in held]
    texts = tuple(sorted(TEXTS - {"age"}))
    by_need = EhcTable(plans, (*texts, PLANS, *needs), year)
    placed = EhcTable(caseload, (*texts, PLANS, *dict.fromkeys((*groups, *parts))), by_need.year)
    left_out: dict[str, int] = {}
    tables = {
        "plans_by_authority": list(_authorities(by_need)),
        "plans_by_placement_and_need": list(_settings(by_need)),
        "plans_by_age_and_need": list(_by_age(by_need, words["needs"])),
        "plans_by_age_and_placement": list(_by_age(placed, words["groups"])),
        "spread_across_authorities": [
            *_spread(placed, "placement", words["spread_of_placements"], left_out),
            *_spread(by_need, "need", _named(words["needs"]), left_out),
        ],
    }
    if ages is not None:
        tables["plans_by_authority_and_age"] = list(_as_published(ages, by_need.year))
    whole = _one(by_need, breakdown_topic=words["whole"])
    national = by_need.needed(whole, PLANS)
    for table in (by_need, placed):
        table.refuse()
    held = [int(row["plans"]) for row in tables["plans_by_authority"]]
    return EhcMargins(by_need.year, tables, len(held), sum(held), national, left_out)


def _named(columns: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [column] for column, name in columns.items()}


def _one(table: EhcTable, **wanted: str) -> PlansRow:
    rows = table.find(geographic_level=_words()["national"], **wanted)
    if len(rows) == 1:
        return rows[0]
    said = ", ".join(f"{name} {one}" for name, one in wanted.items())
    sentence = f"must have one national row with {said}; found {len(rows)}"
    raise TableRefused([Problem(sentence, "no-row")])


def _authorities(table: EhcTable) -> Iterator[dict[str, str]]:
    words = _words()
    rows = table.find(geographic_level=words["authority"], breakdown_topic=words["whole"])
    for row in sorted(rows, key=lambda one: one.cells["la_code"]):
        yield {"la": row.cells["la_code"], "region": "", "plans": str(table.needed(row, PLANS))}


def _settings(table: EhcTable) -> Iterator[dict[str, str]]:
    """Yield plans by setting and need: the published kinds of place added up."""
    words = _words()
    for setting, held in words["settings"].items():
        rows = [
            _one(table, breakdown_topic=words["by_placement"], breakdown=heading)
            for heading in held["headings"]
        ]
        sums = {
            name: str(sum(table.needed(row, column) for row in rows))
            for column, name in words["needs"].items()
        }
        yield {"setting": setting, "placement": held["placement"], **sums}


def _by_age(table: EhcTable, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
    words = _words()
    rows = table.find(geographic_level=words["national"], breakdown_topic=words["by_age"])
    aged = {
        words["youngest"].get(row.cells["breakdown"], row.cells["breakdown"]): row for row in rows
    }
    for age in sorted(aged, key=int):
        counts = {name: str(table.needed(aged[age], column)) for column, name in columns.items()}
        yield {"age": age, **counts}


def _spread(
    table: EhcTable, of: str, shares: Mapping[str, Sequence[str]], left_out: dict[str, int]
) -> Iterator[dict[str, str]]:
    """Yield each share of an authority's plans at points of the authorities, in percent."""
    words = _words()
    rows = table.find(geographic_level=words["authority"], breakdown_topic=words["whole"])
    for name, columns in shares.items():
        held = sorted(share for row in rows if (share := _share(row, columns)) is not None)
        left_out[f"{of} {name}"] = len(rows) - len(held)
        points = {point: _point(held, percent) for point, percent in POINTS.items()}
        yield {"of": of, "share": name, **points}


def _share(row: PlansRow, columns: Sequence[str]) -> Fraction | None:
    parts, whole = [row.plans(column) for column in columns], row.plans(PLANS)
    fewest: int = _words()["fewest_plans_in_spread"]
    if whole is None or whole < fewest or any(part is None for part in parts):
        return None
    return Fraction(sum(part or 0 for part in parts) * 100, whole)


def _point(held: Sequence[Fraction], percent: int) -> str:
    """Return a percentile of sorted shares, between two by straight line, to one decimal."""
    if not held:
        return ""
    place = Fraction(percent * (len(held) - 1), 100)
    below = int(place)
    above = min(below + 1, len(held) - 1)
    share = held[below] + (held[above] - held[below]) * (place - below)
    text = number(half_away(*(share * TENTHS).as_integer_ratio()), TENTHS)
    return text if "." in text else f"{text}.0"


def _as_published(frame: pl.DataFrame | TableText, year: str) -> Iterator[dict[str, str]]:
    """Yield authorities' plans by age with their groups; symbols stay as they are published."""
    words = _words()
    table = EhcTable(frame, ("la_code", "age", PLANS, *words["groups"]), year)
    for row in sorted(table.rows, key=lambda one: (one.cells["la_code"], one.cells["age"])):
        groups = {name: row.cells[column] for column, name in words["groups"].items()}
        age = words["youngest"].get(row.cells["age"], row.cells["age"])
        yield {"la": row.cells["la_code"], "age": age, "plans": row.cells[PLANS], **groups}
