"""Documents to arrays: the one way from a rule set to what kernels read."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import pairwise

from engine.columns import PUPIL_COLUMNS, ColumnSelection
from engine.days import MONTHS
from engine.errors import PairRefused, Problem, RuleRefused
from engine.rules.compile_formula import compile_formula, formula_columns
from engine.rules.compile_reads import GROUPS, PUPILS
from engine.rules.compile_top_ups import compile_top_ups
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.every_refusal import Part, every_refusal
from engine.rules.in_force import Compilable, Compiled, InForce, begins_within, one_value
from engine.rules.inputs import Input
from engine.rules.load import digest
from engine.rules.months import months_of
from engine.rules.reads import Reads, as_stated, needed
from engine.rules.shared_parts import shared_formula, shared_top_ups
from engine.rules.value_tables import ROWS
from engine.rules.values import DatedValue, Section, dated_values
from engine.rules.yaml_source import Path, first_of
from engine.rules.yaml_source import place as dotted


def compile_rules(
    document: RuleSet, day: date | None = None, published: CompiledRules | None = None
) -> CompiledRules:
    """Return rules ready to value a year: each value from its own day, or all those in force on ``day``.

    With a day, its values hold for the whole year. Without one, top-ups change on the days of their
    calendar and lines of the formula by months. ``published`` are compiled rules of a document that
    this one has parts in common with: those are not compiled again. Raises ``RuleRefused`` where the document's parts do
    not fit each other and, without a day, where a value changes that must be the same all year:
    with all reasons, each with its line where the document was read from a text.
    """
    by_month, by_day = _segments(document, day)
    try:
        if day is None:
            _refuse_changes(document, document.in_force())
        return _compiled(document, day, by_month, by_day, published)
    except RuleRefused as first:
        raise every_refusal(
            document, first, by_day, _other_parts(document, day, by_month)
        ) from None


TOP_UPS = ("band_profile", "top_up_rule")
"""The parts of a document whose values are in force from their own day."""

OF_LINES = ("unit_value", "notional_percent", "area_cost_adjustment")
"""Values of a formula's lines, which change by whole months."""

BY_MONTHS = {
    ("schools_formula", "expected_calls", "high_needs_threshold"),
    ("targeted_funding", "threshold"),
}
"""Other values that do: the first part of a plan. The rate of a place is one, too."""

WHOLE_YEARS = {
    "places": "are paid for twelve months",
    "high_needs_block": "is the sum of a year",
    "targeted_funding": "compares a year's plans with a year's budget",
}
"""The sections that rules for part of a year cannot have, and why."""


def _segments(document: RuleSet, day: date | None) -> tuple[Sequence[InForce], Sequence[InForce]]:
    """Return the values in force in each segment of the formula's year, and of that of top-ups."""
    if day is not None:
        now = (document.at(day),)
        return now, now
    by_month = document.over(*document.days_in_force, document.schools_formula)
    parts = (getattr(document, part) for part in TOP_UPS)
    return by_month, document.over(*_days_paid(document), *parts)


def _other_parts(
    document: RuleSet, day: date | None, by_month: Sequence[InForce]
) -> Iterator[Part]:
    """Yield the parts of a document but bands and top-ups that can be refused."""
    now = document.in_force(day)
    if day is None:
        yield lambda: _refuse_changes(document, now)
    yield lambda: _refuse_part_of_year(document)
    yield lambda: compile_formula(document, by_month)
    for one in _compilable(document):
        yield partial(one.compile, now)


def _days_paid(document: RuleSet) -> tuple[date, date]:
    """Return the first and last day of the calendar on which the rule set applies."""
    periods = () if document.top_up_rule is None else document.top_up_rule.calendar.periods
    if not periods:
        return document.days_in_force
    own = document.effective
    first, last = max(own.first, periods[0].first), min(own.last, periods[-1].last)
    return (first, last) if first <= last else (own.first, own.last)


def _refuse_changes(document: RuleSet, now: InForce) -> None:
    """Raise ``RuleRefused`` for every value that must be the same all year and begins within it.

    A first value that begins within the year is refused by its own section where it is used.
    """
    changing = [
        (path, dated)
        for path, dated in dated_values(document)
        if begins_within(dated, now.first, now.last) and not _may_change(path)
    ]
    if not changing:
        return
    later = {one.place for section in _alone(document, now) for one in section.later}
    restated = list(_restated(document))
    problems = [
        Problem(one_value(dated.from_), "changes", place=dotted(path[:-1]))
        for path, dated in changing
        if dotted(path[:-1]) not in later and (path, dated) not in restated
    ]
    if problems:
        raise first_of(problems)


def _restated(document: RuleSet) -> Iterator[tuple[Path, DatedValue]]:
    """Yield each value that says the same as the one before it in its place: it changes nothing."""
    for (before, earlier), (path, dated) in pairwise(dated_values(document)):
        if before[:-1] == path[:-1] and earlier.value == dated.value:
            yield path, dated


def _may_change(path: Path) -> bool:
    if ROWS in path:
        # What the values of a row may do is what those of everybody may.
        path = (*path[: path.index(ROWS)], path[-1])
    of_lines = path[0] == "schools_formula" and path[1] in {"factors", "area_cost_adjustment"}
    of_places = path[0] == "places" and path[-2] == "annual"
    by_months = path[:-1] in BY_MONTHS or of_places or (of_lines and path[-2] in OF_LINES)
    return path[0] in TOP_UPS or by_months


def _refuse_part_of_year(document: RuleSet) -> None:
    """Refuse in rules for part of a year what can only be worked out for the whole of one."""
    sections = [name for name in WHOLE_YEARS if getattr(document, name) is not None]
    if not sections or months_of(*document.days_in_force) == MONTHS:
        return
    out = "so rules for part of a year cannot have it: write one document for the year"
    raise RuleRefused(
        [
            Problem(
                f"{WHOLE_YEARS[name]}, {out}, in which values may change with the first of a month",
                "months",
                place=name,
            )
            for name in sections
        ]
    )


def _alone(document: RuleSet, now: InForce) -> list[Compiled]:
    """Return the sections that need no other to compile, compiled."""
    return [one.compile(now) for one in _compilable(document)]


def _compilable(document: RuleSet) -> list[Compilable]:
    sections = [getattr(document, name) for name in RuleSet.model_fields]
    return [one for one in sections if isinstance(one, Section) and isinstance(one, Compilable)]


def _compiled(
    document: RuleSet,
    day: date | None,
    by_month: Sequence[InForce],
    by_day: Sequence[InForce],
    published: CompiledRules | None,
) -> CompiledRules:
    _refuse_part_of_year(document)
    now = document.in_force(day)
    formula = shared_formula(published, document, day) or compile_formula(document, by_month)
    top_ups = compile_top_ups(document, by_day, shared_top_ups(published, document, day))
    wanted = ColumnSelection(frozenset(), frozenset())
    if document.schools_formula is not None and formula is not None:
        wanted = formula_columns(document.schools_formula, formula, document.blank_means_none)
    alone = _alone(document, now)
    parts = {type(one): one for one in (formula, top_ups, *alone) if one is not None}
    return CompiledRules(document, digest(document), day, now, parts, wanted)


def check_day(document: RuleSet, day: date | None) -> None:
    """Raise ``PairRefused`` for a day on which a rule set does not apply."""
    effective = document.effective
    if day is not None and not effective.first <= day <= effective.last:
        sentence = f"must be a day of the rule set, from {effective.first} to {effective.last}"
        raise PairRefused([Problem(sentence, "outside-effective", place="on")])


QUESTIONED = ("assessed_cost", "top_up", "support_hours", "hours")
"""Columns of pupils whose figures are questioned whatever the rules read."""

OF_EVERY_TABLE = (
    "urn", "la", "year_group", "sen_provision", "primary_need", "setting",
    "start", "end", "parts_on_roll", "requested",
)  # fmt: skip
"""Columns that a table of pupils keeps whatever its rules read: what pupils are grouped by, and their days."""


def pupil_columns(
    rules: CompiledRules, *, counting: bool, only_read: bool = False
) -> ColumnSelection:
    """Return the pupil columns that a table must and may hold for a rule set.

    ``counting`` asks for those too from which the schools' units are counted. With ``only_read`` a table
    keeps the columns that these rules read alone, and those whose figures are questioned, and can be valued under no others.
    """
    reads = pupil_reads(rules, counting=counting)
    known = {*PUPIL_COLUMNS, *(one.column for one in reads)}
    top_ups = rules.top_ups
    by_band = top_ups is not None and any(one.column == Input.band for one in top_ups.reads)
    labels = top_ups.labels if top_ups is not None and by_band else ()
    doubted = () if top_ups is None else QUESTIONED
    read = frozenset({*OF_EVERY_TABLE, *doubted, *(one.column for one in reads)})
    return ColumnSelection(
        needed(reads),
        frozenset(known),
        labels,
        read=read if only_read else None,
        blank_means_none=frozenset(rules.document.blank_means_none),
    )


def pupil_reads(rules: CompiledRules, *, counting: bool) -> Reads:
    """Return what a rule set reads of pupils, to count them for schools too where that is asked."""
    top_ups = () if rules.top_ups is None else (*rules.top_ups.reads, *GROUPS)
    counts = rules.formula.counted.reads if counting and rules.formula is not None else ()
    return as_stated((*PUPILS, *top_ups, *counts), rules.document.blank_means_none)
