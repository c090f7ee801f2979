"""Documents to arrays: the one way from a rule set to what kernels read."""

from collections.abc import Sequence
from datetime import date

from engine.columns import PUPIL_COLUMNS, ColumnSelection
from engine.errors import PairRefused, Problem
from engine.rules.compile_formula import compile_formula, formula_columns
from engine.rules.compile_reads import GROUPS, PUPILS
from engine.rules.compile_top_ups import compile_top_ups
from engine.rules.compiled import CompiledRules
from engine.rules.document import Effective, RuleSet
from engine.rules.in_force import Compilable, InForce, begins_within
from engine.rules.inputs import Input
from engine.rules.load import digest
from engine.rules.reads import Reads, needed
from engine.rules.values import dated_values
from engine.rules.yaml_source import first_of
from engine.rules.yaml_source import place as dotted


def compile_rules(document: RuleSet, day: date | None = None) -> CompiledRules:
    """Return the rules in force on ``day``, by default the first day of the rule set, for the whole year.

    Raises ``RuleRefused`` where the document's parts do not fit each other.
    """
    now = document.at(day)
    return _compiled(document, now, (now,))


TOP_UPS = ("band_profile", "top_up_rule")
"""The parts of a document that a year of several segments is compiled for."""


def compile_year(document: RuleSet) -> CompiledRules:
    """Return the rules of a whole year, in which each value of top-ups is in force from its own day.

    The days are those of the calendar. Raises ``RuleRefused`` as ``compile_rules`` does, and where a
    value changes within the year that must be the same all year: of other parts, any.
    """
    effective, rule = document.effective, document.top_up_rule
    _refuse_changes(document, effective)
    periods = rule.calendar.periods if rule is not None else ()
    first, last = (
        (periods[0].first, periods[-1].last) if periods else (effective.first, effective.last)
    )
    over = document.over(first, last, *(getattr(document, part) for part in TOP_UPS))
    return _compiled(document, document.at(), over)


def _refuse_changes(document: RuleSet, effective: Effective) -> None:
    """Raise ``RuleRefused`` for every value but those of top-ups that another one follows within the year."""
    sentence = "changes within the year; it must be the same all year"
    problems = [
        Problem(sentence, "changes", place=dotted(path[:-1]))
        for path, dated in dated_values(document)
        if path[0] not in TOP_UPS and begins_within(dated, effective.first, effective.last)
    ]
    if problems:
        raise first_of(problems)


def _compiled(document: RuleSet, now: InForce, over: Sequence[InForce]) -> CompiledRules:
    formula, top_ups = compile_formula(document, now), compile_top_ups(document, over)
    wanted = ColumnSelection(frozenset(), frozenset())
    if document.schools_formula is not None and formula is not None:
        wanted = formula_columns(document.schools_formula, formula)
    sections = [getattr(document, name) for name in RuleSet.model_fields]
    alone = [one.compile(now) for one in sections if isinstance(one, Compilable)]
    parts = {type(one): one for one in (formula, top_ups, *alone) if one is not None}
    return CompiledRules(document, digest(document), now, parts, wanted)


def check_day(document: RuleSet, day: date | None) -> None:
    """Raise ``PairRefused`` for a day on which a rule set does not apply."""
    effective = document.effective
    if day is not None and not effective.first <= day <= effective.last:
        sentence = f"must be a day of the rule set, from {effective.first} to {effective.last}"
        raise PairRefused([Problem(sentence, "outside-effective", place="on")])


def pupil_columns(rules: CompiledRules, *, counting: bool) -> ColumnSelection:
    """Return the pupil columns that a table must and may hold for a rule set.

    ``counting`` asks for those too from which the schools' units are counted.
    """
    reads = pupil_reads(rules, counting=counting)
    known = {*PUPIL_COLUMNS, *(one.column for one in reads)}
    top_ups = rules.top_ups
    by_band = top_ups is not None and any(one.column == Input.band for one in top_ups.reads)
    labels = top_ups.labels if top_ups is not None and by_band else ()
    return ColumnSelection(needed(reads), frozenset(known), labels)


def pupil_reads(rules: CompiledRules, *, counting: bool) -> Reads:
    """Return what a rule set reads of pupils, to count them for schools too where that is asked."""
    top_ups = () if rules.top_ups is None else (*rules.top_ups.reads, *GROUPS)
    counts = rules.formula.counted.reads if counting and rules.formula is not None else ()
    return (*PUPILS, *top_ups, *counts)
