"""What cases may be about: pupils, schools, and the rows of an authority's own tables; how each is valued."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from engine.cases.subject import Choices, Subject, ValuedRow, ValuedRows, Workings
from engine.columns import Column
from engine.explain import explain
from engine.modules import AbsentLines, Allocation, AllocationModule, Options, declare_absent
from engine.modules.school_formula.parts import applies
from engine.modules.school_formula.table import line_rows, school_rows
from engine.modules.top_ups.table import pupil_rows
from engine.plausibility import allocation_warnings, pupil_warnings, school_warnings
from engine.reading import pupil_table, school_table
from engine.reading.column_names import plain_spelling
from engine.rows import Rows, Shape
from engine.rules import CompiledRules, pupil_columns
from engine.run import EVERYTHING, evaluate
from engine.statement import school_workings, with_calls
from engine.vocabulary import local_authorities

if TYPE_CHECKING:
    from engine.cases.expectation import Found

FIRST_URN = 9_000_001
"""The number of the first school of a table without numbers: no school of the register has it."""

PHASE = "primary"
"""The phase of schools of a table that has no column for it."""

_OF_PUPILS = {"paid": "top_up"}
_OF_SCHOOLS = {"budget": "formula_total", "notional_sen": "notional_sen"}
_COUNTERS = {"formula_total": "not_known", "notional_sen": "notional_sen_not_known"}
_PARTS = {"units": Shape.units, "amount": Shape.pounds, "notional_sen": Shape.pounds}
_ADJUSTMENTS = ("fringe", "minimum_per_pupil", "protection")
_CALLS = (
    *("sen_support_calls", "plan_calls", "all_calls", "left"),
    *("targeted_funding", "left_after"),
)


class Pupils(Subject):
    """Pupils: the band, the price and what is paid."""

    name = "band_profile"
    one, many = "pupil", "pupils"
    short = _OF_PUPILS

    def is_of(self, rules: CompiledRules) -> bool:
        """Return whether the rules have bands and top-ups."""
        return rules.top_ups is not None

    def shapes(self, rules: CompiledRules) -> Mapping[str, Shape]:  # noqa: ARG002 - for those whose results differ
        """Return the results of a pupil."""
        return {
            "top_up": Shape.pounds,
            "annual_rate": Shape.pounds,
            "band": Shape.text,
            "reason": Shape.text,
        }

    def inputs(self, rules: CompiledRules) -> frozenset[str]:  # noqa: ARG002 - for those that have some
        """Return none: no column of a pupil begins as an expectation does."""
        return frozenset()

    def columns(self, rules: CompiledRules) -> frozenset[str]:
        """Return the columns of a pupil that the rules read."""
        wanted = pupil_columns(rules, counting=False)
        return wanted.known | wanted.required

    def completed(self, rules: CompiledRules, frame: pl.DataFrame, height: int) -> pl.DataFrame:
        """Return pupils with a key each, an authority, and blanks in columns that the rules read."""
        authority = rules.document.authority
        code = authority.code if authority is not None else str(min(local_authorities()))
        needed = pupil_columns(rules, counting=False).required
        return _completed(
            frame,
            {
                **{name: [""] * height for name in sorted(needed)},
                "pupil_key": [f"case-{at}" for at in range(1, height + 1)],
                "la": [code] * height,
            },
        )

    def value(
        self,
        rules: CompiledRules,
        frame: pl.DataFrame,
        choices: Choices,
    ) -> ValuedRows:
        """Return the band, price, top-up and reason of each pupil."""
        wanted = pupil_columns(rules, counting=False)
        table = pupil_table(
            frame, wanted, first_row=0, habits=choices.habits, commissioners=choices.commissioners
        )
        outcome = evaluate(rules, pupils=table)
        if outcome.top_ups is None:
            return ValuedRows()

        def workings(key: str) -> Workings:
            return Workings(lambda: explain(outcome, key).workings)

        names = self.shapes(rules)
        valued = [
            ValuedRow({name: row[name] for name in names}, workings(row["pupil_key"]))
            for row in _records(pupil_rows(outcome.top_ups))
        ]
        return ValuedRows(
            dict(zip(outcome.top_ups.pupils.rows.tolist(), valued, strict=True)),
            warnings=pupil_warnings(outcome.top_ups),
            counts=outcome.top_ups.pupils.row_counts,
        )


class Schools(Subject):
    """Schools: their lines, notional SEN budget, and the calls on it."""

    name = "schools_formula"
    one, many = "school", "schools"
    short = _OF_SCHOOLS
    not_known = _COUNTERS

    def is_of(self, rules: CompiledRules) -> bool:
        """Return whether the rules have a schools formula."""
        return rules.formula is not None

    def shapes(self, rules: CompiledRules) -> Mapping[str, Shape]:
        """Return the results of a school, and those of each line and adjustment: the part, then the line."""
        lines = sorted({one for name in self._lines(rules) for one in _beginnings(name)})
        money = (*_OF_SCHOOLS.values(), *_ADJUSTMENTS, *_CALLS)
        return {
            "pupils": Shape.units,
            **dict.fromkeys(money, Shape.pounds),
            **dict.fromkeys(self.not_known.values(), Shape.whole),
            **{
                f"{part}_{line}": shape
                for part, shape in _PARTS.items()
                for line in (*lines, *_ADJUSTMENTS)
            },
        }

    def inputs(self, rules: CompiledRules) -> frozenset[str]:  # noqa: ARG002 - for those that have some
        """Return none: no column of a school begins as an expectation does."""
        return frozenset()

    def columns(self, rules: CompiledRules) -> frozenset[str]:
        """Return the columns of a school that the rules read."""
        return rules.wanted.known | rules.wanted.required

    def completed(self, rules: CompiledRules, frame: pl.DataFrame, height: int) -> pl.DataFrame:
        """Return schools with a number each, a phase, and blanks in columns that are no lines."""
        lines = set(self._lines(rules))
        needed = {
            name
            for name in rules.wanted.required
            if not any(name.removeprefix(f"{part}_") in lines for part in ("units", "amount"))
        }
        return _completed(
            frame,
            {
                **{name: [""] * height for name in sorted(needed)},
                "urn": _urns(height),
                "phase": [PHASE] * height,
            },
        )

    @staticmethod
    def _lines(rules: CompiledRules) -> list[str]:
        return [] if rules.formula is None else [one.name for one in rules.formula.lines]

    def value(self, rules: CompiledRules, frame: pl.DataFrame, choices: Choices) -> ValuedRows:
        """Return the totals, calls and lines of each school."""
        table = school_table(
            frame,
            rules.wanted,
            first_row=0,
            habits=choices.habits,
            commissioners=choices.commissioners,
        )
        formula = rules.formula
        if formula is None:
            return ValuedRows()
        complete = declare_absent(formula, table, choices.absent_lines)
        outcome, cost = evaluate(rules, complete), choices.sen_support_cost
        notional = outcome.notional
        if notional is None:
            return ValuedRows()
        lines: dict[int, dict[str, Found]] = {}
        for row in _records(line_rows(notional)):
            of_school = lines.setdefault(row["urn"], {})
            of_school |= {f"{part}_{row['line']}": row[part] for part in _PARTS}

        def workings(urn: str) -> Workings:
            return Workings(
                lambda: (
                    *explain(outcome, urn).workings,
                    *school_workings(outcome, urn, cost),
                )
            )

        valued = [
            ValuedRow({**row, **lines.get(row["urn"], {})}, workings(str(row["urn"])))
            for row in _records(with_calls(school_rows(notional), notional, cost))
        ]
        added = {name.partition("_")[2] for name in complete.values.keys() - table.values.keys()}
        lacking = [
            one.name
            for at, one in enumerate(notional.lines)
            if one.name in added and applies(notional, at).any()
        ]
        notes = _absent_lines(lacking, choices.absent_lines)
        return ValuedRows(
            dict(zip(notional.schools.rows.tolist(), valued, strict=True)),
            notes,
            school_warnings(notional, cost),
            notional.schools.row_counts,
        )


def _beginnings(line: str) -> list[str]:
    """Return the name of a line and what it begins with: amounts of several lines may be given together.

    >>> _beginnings("fsm_ks3")
    ['fsm', 'fsm_ks3']
    """
    words = line.split("_")
    return ["_".join(words[:end]) for end in range(1, len(words) + 1)]


def _absent_lines(lines: Collection[str], meaning: AbsentLines) -> tuple[str, ...]:
    """Return the lines of a formula without a column that a school of the table could have, and what they are read as."""
    if not lines:
        return ()
    read = "0" if meaning is AbsentLines.zero else "not supplied"
    return (f"lines of the formula without a column, read as {read}: {', '.join(lines)}",)


class TableRows(Subject):
    """Rows of an authority's own table, which one module values."""

    def __init__(self, module: AllocationModule[Any, Any]) -> None:
        """Take the module; each heading of the guide is what a row of it comes to."""
        self.module = module
        self.name, self.short = module.name, dict.fromkeys(_AMOUNTS, module.money[-1])
        self.one, self.many = f"row of {module.label}", f"rows of {module.label}"

    def is_of(self, rules: CompiledRules) -> bool:
        """Return whether the rules have this section."""
        return self.module.of(rules) is not None

    def shapes(self, rules: CompiledRules) -> Mapping[str, Shape]:
        """Return the amounts that a row comes to."""
        module = self.module
        none = Allocation(module, rules, module.required(rules), Options(0), ())
        shapes = module.shapes(none).items()
        periods = [one.name for one in self._columns(rules) if one.name.startswith(_PLACES)]
        rates = {f"rate_{name.removeprefix(_PLACES)}": Shape.pounds for name in periods}
        return rates | {name: shape for name, shape in shapes if shape is Shape.pounds}

    def inputs(self, rules: CompiledRules) -> frozenset[str]:
        """Return the columns of the table."""
        return frozenset(one.name for one in self._columns(rules))

    def _columns(self, rules: CompiledRules) -> Sequence[Any]:
        return self.module.columns_under(rules)

    def columns(self, rules: CompiledRules) -> frozenset[str]:
        """Return the columns of the table."""
        return self.inputs(rules)

    def completed(self, rules: CompiledRules, frame: pl.DataFrame, height: int) -> pl.DataFrame:
        """Return rows with an authority and a school each, where the table has such columns and leaves them out."""
        names, codes = {one.name for one in self._columns(rules)}, sorted(local_authorities())
        keys = {
            "la": [str(codes[at % len(codes)]) for at in range(height)],
            "urn": _urns(height),
        }
        return _completed(frame, {name: keys[name] for name in keys.keys() & names})

    def value(self, rules: CompiledRules, frame: pl.DataFrame, choices: Choices) -> ValuedRows:
        """Return what each row comes to; all are valued together, as they may share a pot."""
        module = self.module
        outcome = module.allocate(
            rules,
            frame,
            Options(choices.sen_support_cost),
            first_row=0,
            habits=choices.habits,
            commissioners=choices.commissioners,
        )
        names = self.shapes(rules)

        def workings(one: Any) -> Workings:
            return Workings(lambda: (module.working(outcome, one),))

        return ValuedRows(
            {
                one.row: ValuedRow(
                    {name: module.record(one).get(name) for name in names}, workings(one)
                )
                for one in outcome.valued
            },
            warnings=allocation_warnings(outcome),
            counts=outcome.row_counts,
        )


def _completed(frame: pl.DataFrame, columns: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return a frame with the columns that it lacks; one that is there but for its spelling is left to be refused by it."""
    there = set(map(plain_spelling, frame.columns))
    lacking = {name: held for name, held in columns.items() if plain_spelling(name) not in there}
    added = (pl.Series(name, held, pl.String) for name, held in lacking.items())
    return pl.DataFrame([*frame.get_columns(), *added])


def _urns(number: int) -> list[str]:
    return [str(FIRST_URN + at) for at in range(number)]


def _records(rows: Rows) -> list[dict[str, Any]]:
    return rows.frame.to_dicts()


_PLACES = "places_"
"""How the columns of places begin, each of a period with a rate of its own."""

_AMOUNTS = ("extra", "deduction", "block")
"""The guide's headings of what a row of an authority's own table comes to."""

SUBJECTS: tuple[Subject, ...] = (
    Pupils(),
    Schools(),
    *(TableRows(one) for one in EVERYTHING.allocations),
)
"""Everything that cases may be about."""


def case_columns(rules: CompiledRules) -> tuple[Column, ...]:
    """Return the columns of the authority's own tables that rules value, of which a user may state how they are written."""
    return tuple(column for one in EVERYTHING.allocations for column in one.columns_under(rules))
