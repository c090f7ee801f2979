"""A candidate against a baseline over one body's records."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from app.calculations import pupils, schools
from app.calculations.compared import (
    Compared,
    GroupCompared,
    GroupsCompared,
    OneCompared,
    SchoolsPaidCompared,
)
from app.calculations.rules import refuse_without_percentages
from app.calculations.schools_paid import schools_paid
from engine.columns import Int
from engine.compare import (
    Change,
    Group,
    compare_notional,
    compare_schools,
    compare_top_ups,
    protects_schools,
)
from engine.modules.school_formula.missing_lines import AbsentLines
from engine.money import pounds
from engine.outcome import TopUpOutcome
from engine.reading import pupil_table, records, school_table
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledRules
from engine.school_parts import budget_absent
from engine.vocabulary import Reason

NOT_INCLUDED = "protection of schools against loss, which belongs to no pupil: see schools_paid"
Sides = tuple[CompiledRules, CompiledRules]
Records = Sequence[Mapping[str, object]]


def pupils_compared(sides: Sides, sent: Records) -> tuple[Compared, SchoolsPaidCompared | None]:
    """Return what changes for the pupils of a body, and for their schools where they are protected."""
    before_columns, after_columns = (pupil_columns(rules, counting=False) for rules in sides)
    table = pupil_table(records(sent), before_columns | after_columns, first_row=pupils.FIRST_ROW)
    before, after = (pupils.value_table(rules, table) for rules in sides)
    change = compare_top_ups(before, after)
    bands = [_bands(outcome) for outcome in (before, after)]
    known = [outcome.reason != Reason.not_supplied for outcome in (before, after)]
    names = table.keys.to_list()
    protected = any(protects_schools(outcome) for outcome in (before, after))
    told = _compared(
        change, table.rows, known, lambda at: names[at], bands, NOT_INCLUDED if protected else None
    )
    return told, schools_paid(compare_schools(before, after)) if protected else None


def schools_compared(sides: Sides, sent: Records, absent: AbsentLines) -> Compared:
    """Return what changes for the schools of a body."""
    formulas = [refuse_without_percentages(rules) for rules in sides]
    table = school_table(
        records(sent), sides[0].wanted | sides[1].wanted, first_row=schools.FIRST_ROW
    )
    before, after = (
        schools.value_table(rules, formula, table, absent)
        for rules, formula in zip(sides, formulas, strict=True)
    )
    change = compare_notional(before, after)
    known = [budget_absent(outcome) == 0 for outcome in (before, after)]
    nobody: list[str | None] = [None] * len(table)
    return _compared(
        change, table.rows, known, lambda at: str(table.urn[at]), [nobody, nobody], None
    )


def _bands(outcome: TopUpOutcome) -> list[str | None]:
    names = outcome.top_ups.bands
    return [names[band] if band >= 0 else None for band in outcome.pupil_bands().tolist()]


def _compared(
    change: Change,
    rows: Int,
    known: list[np.ndarray[tuple[int], np.dtype[np.bool_]]],
    name: Callable[[int], str],
    bands: list[list[str | None]],
    not_included: str | None,
) -> Compared:
    differences = change.change
    each = (
        OneCompared(
            row=int(rows[at]),
            name=name(at),
            before=pounds(int(change.before[at])) if known[0][at] else None,
            after=pounds(int(change.after[at])) if known[1][at] else None,
            change=pounds(int(differences[at])) if change.known[at] else None,
            before_band=bands[0][at],
            after_band=bands[1][at],
        )
        for at in np.argsort(rows).tolist()
    )
    return Compared(
        total=_group(change.total),
        deciles=tuple(pounds(one) for one in change.deciles),
        groupings=tuple(
            GroupsCompared(one.kind, tuple(_group(group) for group in one.groups))
            for one in change.groupings
        ),
        each=tuple(each),
        not_included=not_included,
    )


def _group(group: Group) -> GroupCompared:
    known = group.number > group.absent
    return GroupCompared(
        group.name,
        pounds(group.before) if known else None,
        pounds(group.after) if known else None,
        pounds(group.change) if known else None,
        group.number,
        group.winners,
        group.losers,
        group.unchanged,
        group.absent,
    )
