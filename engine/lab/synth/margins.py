"""What the synthetic pupils must add to: published margins, and assumptions named as such.

A folder of the user's own margins is checked against the project's own tables.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cache
from pathlib import Path

import numpy as np

from engine.columns import Int
from engine.data import FIXTURES
from engine.errors import Problem
from engine.money import decimal_of
from engine.reading import read_table
from engine.reading.report import refuse
from engine.reading.text import text_rows
from engine.table_checks import missing_columns, unknown_columns
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, Need, Setting

FREE = {"region"}
"""Columns that may be empty, or hold words of their own."""
Row = dict[str, str]


def margin_rows(path: Path, like: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows of a table that is laid out ``like`` one known, or raise ``TableRefused``.

    Numbers are given where it has numbers, its own words where it has words.
    """
    frame = read_table(path)
    known = tuple(like[0])
    missing = "is missing from the table of margins"
    problems = missing_columns(frame.columns, known, missing)
    problems += unknown_columns(frame.columns, known, ())
    rows = list(text_rows(frame))
    if not problems:
        words = {name: {row[name] for row in like} for name in known}
        problems = [
            Problem(sentence, "unreadable", column=name, row=number)
            for number, row in rows
            for name in known
            if (sentence := _problem(row[name], words, name)) is not None
        ]
    if not rows:
        problems.append(Problem("has no rows", "no-rows"))
    refuse(problems)
    return tuple(row for _, row in rows)


def _problem(cell: str, words: Mapping[str, set[str]], name: str) -> str | None:
    if name in FREE:
        return None
    known = words[name]
    if not all(map(_is_number, known)):
        return None if cell in known else f"must be one of {', '.join(sorted(known))}"
    whole = all("." not in one for one in known)
    if not _is_number(cell) or (whole and "." in cell):
        return "must be a whole number" if whole else "must be a number such as 12.5"
    return None


def _is_number(text: str) -> bool:
    try:
        return decimal_of(text) >= 0
    except ValueError:
        return False


SHIPPED = FIXTURES / "synth"
NOT_RECORDED = "not_recorded"
SPREAD_POINTS = ("p10", "p25", "p50", "p75", "p90")
_AGE_OF_RECEPTION = 4


@cache
def rows(name: str, folder: Path = SHIPPED) -> tuple[dict[str, str], ...]:
    """Return the rows of one table of ``fixtures/synth``, or of a folder of margins like it."""
    if folder != SHIPPED:
        return margin_rows(folder / f"{name}.csv", rows(name))
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def scale() -> dict[str, str]:
    """Return the single figures of ``scale.csv`` by name."""
    return {row["name"]: row["value"] for row in rows("scale")}


def thousandths(text: str) -> int:
    """Return a number with up to three decimals in thousandths."""
    return int(Decimal(text) * 1000)


def column(name: str, of: str, folder: Path = SHIPPED) -> Int:
    """Return one column of a table in whole numbers."""
    return np.asarray([int(row[of]) for row in rows(name, folder)], np.int64)


def percents(name: str, of: str) -> Int:
    """Return one column of percentages in thousandths of a percent, blank cells as 0."""
    return np.asarray([thousandths(row[of] or "0") for row in rows(name)], np.int64)


def by_code(name: str, codes: type[IntEnum], of: str) -> Int:
    """Return one column of a table by code of its first, 0 for the row ``not_recorded``."""
    held = np.zeros(max(codes) + 1, np.int64)
    for row in rows(name):
        code = next(iter(row.values()))
        held[0 if code == NOT_RECORDED else codes[code]] = int(row[of])
    return held


@dataclass(frozen=True)
class Margins:
    """Plans in England in January by what the Department publishes.

    la, plans        (authorities) code; plans that the authority maintains
    settings         the settings in order; ``not_recorded`` among them
    needs            the needs in order; ``not_recorded`` among them
    placement        (settings) position of the published group of each
    placements       the groups in order
    by_placement     (settings, needs) plans
    by_age           (ages, needs) plans
    by_age_placement (ages, groups) plans
    year_group       (ages) national curriculum year, the oldest together in the highest
    folder           the folder of the tables
    """

    la: Int
    plans: Int
    settings: tuple[str, ...]
    needs: tuple[str, ...]
    placement: Int
    placements: tuple[str, ...]
    by_placement: Int
    by_age: Int
    by_age_placement: Int
    year_group: Int
    folder: Path = SHIPPED

    @property
    def setting_codes(self) -> Int:
        """Return the code of each setting, -1 where it is not recorded."""
        return np.asarray([-1 if name == NOT_RECORDED else Setting[name] for name in self.settings])

    @property
    def need_codes(self) -> Int:
        """Return the code of each need, -1 where it is not recorded."""
        return np.asarray([-1 if name == NOT_RECORDED else Need[name] for name in self.needs])


@cache
def margins(folder: Path = SHIPPED) -> Margins:
    """Return the published margins, read once; those of a folder where one is named."""
    placed, ages, groups = (
        rows("plans_by_placement_and_need", folder),
        rows("plans_by_age_and_need", folder),
        rows("plans_by_age_and_placement", folder),
    )
    needs = tuple(placed[0])[2:]
    placements = tuple(groups[0])[1:]
    age = np.asarray([int(row["age"]) for row in ages])
    return Margins(
        la=column("plans_by_authority", "la", folder),
        plans=column("plans_by_authority", "plans", folder),
        settings=tuple(row["setting"] for row in placed),
        needs=needs,
        placement=np.asarray([placements.index(row["placement"]) for row in placed]),
        placements=placements,
        by_placement=np.asarray([[int(row[need]) for need in needs] for row in placed]),
        by_age=np.asarray([[int(row[need]) for need in needs] for row in ages]),
        by_age_placement=np.asarray([[int(row[name]) for name in placements] for row in groups]),
        year_group=np.clip(age - _AGE_OF_RECEPTION, LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP),
        folder=folder,
    )


@cache
def spread(of: str, folder: Path = SHIPPED) -> dict[str, Int]:
    """Return the shares of plans at five points of the authorities, in thousandths of a percent."""
    return {
        row["share"]: np.asarray([thousandths(row[point]) for point in SPREAD_POINTS])
        for row in rows("spread_across_authorities", folder)
        if row["of"] == of
    }
