"""Documents to arrays: the one way from a rule set to what kernels read."""

from datetime import date

from engine.columns import PUPIL_COLUMNS, Wanted
from engine.errors import PairRefused, Problem
from engine.rules.compile_formula import compile_formula, formula_columns
from engine.rules.compile_top_ups import compile_top_ups
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.document import RuleSet
from engine.rules.inputs import Input
from engine.rules.load import digest


def compile_rules(document: RuleSet, day: date | None = None) -> CompiledRules:
    """Return the rules in force on ``day``, by default the first day of the rule set.

    Raises ``RuleRefused`` where the document's parts do not fit each other.
    """
    chosen = day or document.effective.first
    formula, top_ups = compile_formula(document, chosen), compile_top_ups(document, chosen)
    wanted = Wanted(frozenset(), frozenset())
    if document.schools_formula is not None:
        wanted = formula_columns(document.schools_formula)
    return CompiledRules(document, digest(document), chosen, formula, top_ups, wanted)


def check_day(document: RuleSet, day: date | None) -> None:
    """Refuse a day on which a rule set does not apply."""
    effective = document.effective
    if day is not None and not effective.first <= day <= effective.last:
        sentence = f"must be a day of the rule set, from {effective.first} to {effective.last}"
        raise PairRefused([Problem(sentence, "outside-effective", place="on")])


def pupil_columns(rules: CompiledRules, *, counting: bool) -> Wanted:
    """Return the pupil columns that a rule set uses.

    ``counting`` asks for those too from which the schools' units are counted.
    """
    required = {"pupil_key", "la"}
    known = set(PUPIL_COLUMNS)
    labels: tuple[str, ...] = ()
    if rules.top_ups is not None:
        required |= _top_up_columns(rules.top_ups)
        known |= {name for name, _, _ in rules.top_ups.dimensions}
        reads_bands = Input.band in rules.top_ups.assignment.inputs
        labels = rules.top_ups.labels if reads_bands else ()
    if counting and rules.formula is not None:
        required |= {"urn", *rules.formula.counted.columns}
    return Wanted(frozenset(required), frozenset(known), labels)


def _top_up_columns(top_ups: CompiledTopUps) -> set[str]:
    names = {"year_group" if name == "phase" else name for name in top_ups.columns}
    if top_ups.full_time:
        names.add("hours")
    names |= {price.quantity for price in top_ups.prices if price.quantity}
    if any(price.assessed_cost for price in top_ups.prices):
        names.add("assessed_cost")
    if any(price.shared for price in top_ups.prices):
        names.add("group_size")
    if top_ups.pupil_protection is not None or top_ups.school_protection is not None:
        names.add("top_up")
    if top_ups.backdated_days:
        names |= {"start", "requested"}
    if not top_ups.calendar.dated:
        names.add("parts_on_roll")
    return names
