"""The columns that compiling lists are those that valuing touches, and a table without one is never paid from."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from sys import _getframe

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.columns import (
    AMOUNT_PREFIX,
    PRIOR_AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
)
from engine.errors import PairRefused
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.formula import Counts
from engine.rules.reads import Part, needed
from engine.run import evaluate
from engine.tables import PupilTable
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table
from tests.formula_strategies import formula_rule_sets
from tests.rule_library import DOCUMENTS, naming
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, pupils

CHECKED = {"parts_on_roll"}
"""Looked at to refuse a value where the year has no equal parts, and not otherwise."""

HANDED_ON = {"pupils.py", "tables.py"}
"""Files that pass the schools of placements on to a table of some of the pupils."""

BESIDE_VALUING = {Part.pupils, Part.schools, Part.groups, Part.calls}
"""Parts that identify, group or compare what was valued."""


PARTS_OF_SCHOOLS = ("columns", "values", "presence")


class Touched(Mapping):
    """Columns that record which of them were read."""

    def __init__(self, held: Mapping, names: set[str]) -> None:
        self.held, self.names = held, names

    def __getitem__(self, name: str):
        column = self.held[name]
        self.names.add(name)
        return column

    def __contains__(self, name: object) -> bool:
        return name in self.held

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


class Watched(PupilTable):
    """A table of pupils that records when the school of a placement was read."""

    def __getattribute__(self, name: str):
        caller = Path(_getframe(1).f_code.co_filename).name
        if name in {"placement_urn", "by_school"} and caller not in HANDED_ON:
            self.columns.names.add("urn")
        return super().__getattribute__(name)


def watched(table: PupilTable) -> tuple[PupilTable, set[str]]:
    """Return the same table, and the names of its columns that were read, as they are."""
    names: set[str] = set()
    fields = {name: getattr(table, name) for name in PupilTable.__dataclass_fields__}
    fields = {name: value for name, value in fields.items() if name != "cache"}
    return Watched(**fields | {"columns": Touched(table.columns, names)}), names


def blank_pupils(rules) -> PupilTable:
    """Return two pupils of whom nothing is supplied, in every column."""
    wanted = pupil_columns(rules, counting=False)
    record = dict.fromkeys(wanted.known - {"pupil_key"})
    both = [pupil(**record | {"pupil_key": key, "la": 201}) for key in ("one", "two")]
    return pupil_table(both, wanted.labels)


def valued_pupils(rules, table: PupilTable):
    """Return what each pupil is paid and why, and what schools' protection adds; or the refusal."""
    try:
        outcome = evaluate(rules, pupils=table).top_ups
    except PairRefused as refusal:
        return refusal.problems
    parts = (
        outcome.amount,
        outcome.reason,
        outcome.school_protection,
        outcome.school_protection_absent,
    )
    return [part.tolist() for part in parts]


def hold_to_what_is_touched(rules, table: PupilTable) -> None:
    """Value a table with every column, and hold the columns read to those listed."""
    table, names = watched(table)
    valued_pupils(rules, table)
    listed = {one.column for one in rules.top_ups.reads}
    assert names - CHECKED == listed - CHECKED
    assert listed & CHECKED <= names


@pytest.mark.parametrize("name", naming("band_profile"))
def test_a_shipped_rule_set_touches_the_pupil_columns_that_it_lists(name):
    rules = compile_rules(DOCUMENTS[name])
    hold_to_what_is_touched(rules, blank_pupils(rules))


@settings(max_examples=draws(60))
@given(st.data(), banded_rule_sets())
def test_any_rule_set_touches_the_pupil_columns_that_it_lists(data, document):
    rules = compile_rules(document, document.effective.first)
    hold_to_what_is_touched(rules, blank_pupils(rules))


def refused_columns(rules, table: PupilTable) -> set[str]:
    """Return the columns for want of which the engine refuses to value a table."""
    with pytest.raises(PairRefused) as refused:
        evaluate(rules, pupils=table)
    assert {one.rule for one in refused.value.problems} == {"missing-column"}
    return {one.column for one in refused.value.problems}


@settings(max_examples=draws(40))
@given(st.data(), banded_rule_sets())
def test_a_table_without_a_column_that_is_needed_is_never_paid_from(data, document):
    rules = compile_rules(document, document.effective.first)
    reads = rules.top_ups.reads
    assert needed(reads) <= pupil_columns(rules, counting=False).required
    table = blank_pupils(rules)
    for name in sorted(needed(reads)):
        columns = {one: held for one, held in table.columns.items() if one != name}
        assert refused_columns(rules, replace(table, columns=columns)) == {name}


@settings(max_examples=draws(60))
@given(st.data(), banded_rule_sets())
def test_a_column_that_is_not_needed_may_be_left_out_as_if_it_were_blank(data, document):
    rules = compile_rules(document, document.effective.first)
    top_ups = rules.top_ups
    records = data.draw(pupils(top_ups.calendar.parts))
    left_out = data.draw(
        st.sets(
            st.sampled_from(sorted(records[0].keys() - needed(top_ups.reads) - {"pupil_key", "la"}))
        )
    )
    blanks = [{**one, **dict.fromkeys(left_out)} for one in records]
    without = [{name: one[name] for name in one if name not in left_out} for one in records]
    assert valued_pupils(rules, pupil_table(without, LABELS)) == valued_pupils(
        rules, pupil_table(blanks, LABELS)
    )


@settings(max_examples=draws(60))
@given(st.data(), banded_rule_sets())
def test_a_column_that_is_not_listed_changes_nothing(data, document):
    rules = compile_rules(document, document.effective.first)
    records = data.draw(pupils())
    listed = {"pupil_key", "la", *(one.column for one in rules.top_ups.reads)}
    few = [{name: one[name] for name in one if name in listed} for one in records]
    order = [one["pupil_key"] for one in records]
    assert paid_by_key(rules, few, order) == paid_by_key(rules, records, order)


def paid_by_key(rules, records, order):
    """Return what each pupil is paid and why, in an order of keys; or how many were refused."""
    table = pupil_table(records, LABELS)
    try:
        outcome = evaluate(rules, pupils=table).top_ups
    except PairRefused as refusal:
        return refusal.total
    paid = zip(outcome.amount.tolist(), outcome.reason.tolist(), strict=True)
    by_key = dict(zip(table.keys, paid, strict=True))
    return [by_key[key] for key in order]


PROTECTED = {"protection": {"until": "2026-03-31", "pupil_percent": "100"}}


def test_a_protected_pupil_is_paid_as_today_or_the_table_is_refused():
    rules = compile_rules(rule_set(**banded([{"band": "A", "pounds": "1000"}], ["A"], **PROTECTED)))
    paid = evaluate(rules, pupils=pupil_table([pupil(band="A", top_up="5000")], ["A"])).top_ups
    assert (paid.amount.tolist(), paid.reason.tolist()) == ([500_000], [Reason.protected])
    assert refused_columns(rules, pupil_table([pupil(band="A")], ["A"])) == {"top_up"}


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        pytest.param(
            {"protection": {"until": "2026-03-31", "school_percent": "90"}},
            {"top_up"},
            id="a school's protection",
        ),
        pytest.param({"backdating": {"weeks": 20}}, {"start", "requested"}, id="backdating"),
        pytest.param({"part_time": {"full_time_hours": "25"}}, {"hours"}, id="hours attended"),
        pytest.param(
            {"calendar": {"source": "example", "standing": "proposed",
                          "parts": {"number": 3, "part": "term"}}},
            {"parts_on_roll"},
            id="a calendar without dates",
        ),
    ],
)  # fmt: skip
def test_a_clause_needs_its_columns(rule, columns):
    rules = compile_rules(rule_set(**banded([{"band": "A", "pounds": "1000"}], ["A"], **rule)))
    assert refused_columns(rules, pupil_table([pupil(band="A")], ["A"])) == columns


def test_a_band_that_a_condition_of_payment_names_is_the_one_assigned():
    steps = [{"band": "A", "from": 0, "to": 9}, {"band": "B", "from": 10, "to": 19}]
    points = {"points": {"steps": steps, "gaps": True}}
    pays = {"pays_when": {"band": ["B"]}}
    rules = compile_rules(rule_set(**banded([{"pounds": "1000"}], ["A", "B"], points, **pays)))
    assert pupil_columns(rules, counting=False).required == {"pupil_key", "la", "points"}
    both = [pupil(pupil_key=f"pupil-{points:02}", points=points) for points in (5, 15)]
    paid = evaluate(rules, pupils=pupil_table(both)).top_ups
    assert paid.amount.tolist() == [0, 100_000]
    assert Reason(int(paid.reason[0])) is Reason.not_funded


def schools_with(names: set[str]):
    """Return a school of each mainstream phase that gives some columns."""
    record = dict.fromkeys(names, "1")
    phases = enumerate(("primary", "secondary", "middle", "all_through"), start=100_001)
    return school_table([school(**record | {"phase": phase, "urn": urn}) for urn, phase in phases])


def touched_of_schools(rules, columns: set[str]) -> set[str]:
    """Return the columns of a table of schools that valuing it reads."""
    names: set[str] = set()
    table = schools_with(columns)
    # What is combined of lines with different percentages is refused when it has been read.
    with suppress(PairRefused):
        table = declare_absent(rules.formula, table, AbsentLines.zero)
    parts = {part: Touched(getattr(table, part), names) for part in PARTS_OF_SCHOOLS}
    with suppress(PairRefused):
        evaluate(rules, replace(table, **parts))
    return names


def hold_schools_to_what_is_touched(rules) -> None:
    """Hold the columns of schools that are read, given or worked out, to those listed."""
    listed = {one.column for one in rules.formula.reads if one.part not in BESIDE_VALUING}
    listed = {name for name in listed if not name.startswith(PROPORTION_PREFIX)}
    lines = listed - SCHOOL_COLUMNS.keys()
    given = {column for line in rules.formula.lines for column in of_line(line)}
    # A column of several lines, or of last year, is refused with another column of one of its lines.
    alone = (AMOUNT_PREFIX, PRIOR_AMOUNT_PREFIX)
    combined = {name for name in lines - given if name.startswith(alone)}
    worked_out = {
        column
        for line in rules.formula.lines
        if line.counts in {Counts.school, Counts.sparsity} or line.line.blend is not None
        for column in of_line(line)
    }
    # A line has units, or an amount where it has no unit value, or both.
    others = {of_line(line)[line.rate is not None] for line in rules.formula.lines}
    register, own = set(SCHOOL_COLUMNS), lines - combined
    tables = [own, own - others, own - others - worked_out]
    tables += [{column} for column in sorted(combined)]
    touched = {name for one in tables for name in touched_of_schools(rules, register | one)}
    assert (touched - listed - {"phase"}, listed - touched) == (set(), set())


def of_line(line) -> tuple[str, str]:
    return f"{UNITS_PREFIX}{line.name}", f"{AMOUNT_PREFIX}{line.name}"


@pytest.mark.parametrize("name", naming("schools_formula"))
def test_a_shipped_rule_set_touches_the_school_columns_that_it_lists(name):
    hold_schools_to_what_is_touched(compile_rules(DOCUMENTS[name]))


@settings(max_examples=draws(40))
@given(formula_rule_sets())
def test_any_formula_touches_the_school_columns_that_it_lists(document):
    hold_schools_to_what_is_touched(compile_rules(document, document.effective.first))
