"""A candidate compared with a baseline: what is answered, and how the engine's rows become it.

Money is pounds as text, and null means not known, never zero.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from app.what_ifs.answers import EngineUsed, FigureWarning, RowsRead, RulesUsed, TableNotice
from app.what_ifs.formatting import Of, Pounds, Record, answer
from engine.compare import Comparison
from engine.export import PAID, PROTECTION, TOP_UP, change_totals, changed_pupils, changed_schools
from engine.rows import Rows

NOT_INCLUDED = "protection of schools against loss, which belongs to no pupil: see schools_paid"
NO_URN = "not supplied"
BUDGET, TOTAL, DECILE = "notional_sen", "total", "decile"
PARTS = {"top_up": TOP_UP, "school_protection": PROTECTION, "paid": PAID}
"""What schools are paid for their pupils, by the names of an answer, with those of the engine's rows."""


@dataclass(frozen=True, slots=True)
class GroupCompared:
    """A group's sums on both sides, of those known on both, and who gains and loses.

    The sums are null where none of the group is known on both sides.
    """

    name: Annotated[str, Of("group")]
    before: Pounds | None
    after: Pounds | None
    change: Pounds | None
    number: int
    winners: int
    losers: int
    unchanged: int
    not_known: int


@dataclass(frozen=True, slots=True)
class GroupsCompared:
    """The groups of one kind, for example by local authority."""

    by: str
    groups: tuple[GroupCompared, ...]


@dataclass(frozen=True, slots=True)
class OneCompared:
    """One pupil or school on both sides; null where it is not known on that side."""

    row: int
    name: str
    before: Pounds | None
    after: Pounds | None
    change: Pounds | None
    before_band: Annotated[str | None, Of("band_before")]
    after_band: Annotated[str | None, Of("band_after")]


@dataclass(frozen=True, slots=True)
class Compared:
    """What changes: in all, by group, in tenths of the changes, and for each.

    ``not_included`` names what is paid for no pupil and so is in no figure; null where nothing is.
    """

    total: GroupCompared
    deciles: tuple[Pounds, ...]
    groupings: tuple[GroupsCompared, ...]
    each: tuple[OneCompared, ...]
    not_included: str | None


@dataclass(frozen=True, slots=True)
class AmountCompared:
    """An amount on both sides; null where it is not known on that side, or on either."""

    before: Pounds | None
    after: Pounds | None
    change: Pounds | None


@dataclass(frozen=True, slots=True)
class SchoolPaidCompared:
    """A school's top-ups, what protects them against loss, and both together as they are paid."""

    name: str
    top_up: AmountCompared
    school_protection: AmountCompared
    paid: AmountCompared


@dataclass(frozen=True, slots=True)
class SchoolsPaidGroup:
    """The same of a group of schools, of those known on both sides, and who gains and loses.

    A school gains or loses by what it is paid, its protection counted.
    """

    name: Annotated[str, Of("group")]
    top_up: AmountCompared
    school_protection: AmountCompared
    paid: AmountCompared
    schools: Annotated[int, Of("number")]
    winners: int
    losers: int
    unchanged: int
    not_known: int


@dataclass(frozen=True, slots=True)
class SchoolsPaidCompared:
    """What schools are paid for their pupils with what protects them: in all, by authority, each."""

    total: SchoolsPaidGroup
    deciles: tuple[Pounds, ...]
    authorities: tuple[SchoolsPaidGroup, ...]
    each: tuple[SchoolPaidCompared, ...]


@dataclass(frozen=True, slots=True)
class TablesRead:
    """The records of each table: those valued and set apart add to those that were read."""

    schools: RowsRead | None
    pupils: RowsRead | None


@dataclass(frozen=True, slots=True)
class ComparisonAnswer:
    """A candidate against a baseline, over the records that were sent.

    ``schools_paid`` is there where pupils are compared and either rule set protects schools'
    top-ups against loss. ``warnings`` are figures that may be wrong under either, and change no amount.
    """

    baseline: RulesUsed
    candidate: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    warnings: tuple[FigureWarning, ...]
    rows: TablesRead
    pupils: Compared | None
    schools: Compared | None
    schools_paid: SchoolsPaidCompared | None


def pupils_compared(comparison: Comparison) -> Record:
    """Return what changes for pupils, in the order in which they were sent."""
    outcome = comparison.baseline.top_ups
    sent = () if outcome is None else outcome.pupils.rows.tolist()
    note = None if comparison.placed is None else NOT_INCLUDED
    return _compared(comparison, "pupils", TOP_UP, _each(changed_pupils(comparison), sent), note)


def schools_compared(comparison: Comparison) -> Record:
    """Return what changes for schools, in the order in which they were sent."""
    outcome = comparison.baseline.notional
    sent = () if outcome is None else outcome.schools.rows.tolist()
    return _compared(comparison, "schools", BUDGET, _each(changed_schools(comparison), sent), None)


def _each(rows: Rows | None, sent: Iterable[int]) -> list[Record]:
    records = [] if rows is None else rows.frame.to_dicts()
    nobody = {"band_before": None, "band_after": None}
    numbered = sorted(zip(sent, records, strict=True), key=lambda one: one[0])
    return [
        answer(OneCompared, nobody | one, row=row, name=str(one.get("pupil_key") or one.get("urn")))
        for row, one in numbered
    ]


def _compared(
    comparison: Comparison, part: str, measure: str, each: list[Record], note: str | None
) -> Record:
    rows = list(_groups(comparison, part, measure))
    return {
        "total": answer(GroupCompared, rows[0]),
        "deciles": _deciles(rows),
        "groupings": [
            {"by": kind, "groups": [answer(GroupCompared, one) for one in those]}
            for kind, those in groupby(rows, key=lambda one: one["grouping"])
            if kind not in {TOTAL, DECILE}
        ],
        "each": each,
        "not_included": note,
    }


def _groups(comparison: Comparison, part: str, measure: str) -> Iterator[Record]:
    """Yield the rows of one measure, the total first."""
    return change_totals(comparison).frame.filter(part=part, measure=measure).iter_rows(named=True)


def _deciles(rows: Iterable[Record]) -> list[object]:
    changes = (answer(AmountCompared, one) for one in rows if one["grouping"] == DECILE)
    return [one["change"] for one in changes]


def schools_paid(comparison: Comparison) -> Record:
    """Return what changes for schools that are protected against loss, with what they are paid."""
    parts = [list(_groups(comparison, "schools", measure)) for measure in PARTS.values()]
    authorities = zip(
        *([one for one in rows if one["grouping"] == "la"] for rows in parts), strict=True
    )
    rows = changed_schools(comparison)
    return {
        "total": _group(tuple(one[0] for one in parts)),
        "deciles": _deciles(parts[-1]),
        "authorities": list(map(_group, authorities)),
        "each": [_school(one) for one in ([] if rows is None else rows.frame.to_dicts())],
    }


def _group(rows: tuple[Record, ...]) -> Record:
    """Return a group of schools by its parts; only both together say who gains and loses."""
    amounts = {name: answer(AmountCompared, row) for name, row in zip(PARTS, rows, strict=True)}
    return answer(SchoolsPaidGroup, rows[-1], **amounts)


def _school(row: Record) -> Record:
    amounts = {
        name: answer(
            AmountCompared, {side: row[f"{part}_{side}"] for side in ("before", "after", "change")}
        )
        for name, part in PARTS.items()
    }
    return answer(SchoolPaidCompared, row, name=str(row["urn"] or NO_URN), **amounts)
