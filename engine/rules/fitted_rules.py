"""Rules for schools of one authority and phase: a formula with tables of values by the rows that fit them."""

from dataclasses import replace

from engine.rules.compile_formula import compile_fitting
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.in_force import NO_ROW, Fitting


def fitted_rules(rules: CompiledRules, fitting: Fitting) -> CompiledRules:
    """Return rules whose formula is that of the rows that fit some schools: it has no tables, as that of one authority.

    Compiled once for each fitting. Rules without tables of a formula are the same for every school.
    """
    formula = rules.formula
    if formula is None or not formula.tables:
        return rules
    found: CompiledRules = rules.cache.get(
        ("fitted", fitting), lambda: _fitted(rules, formula, fitting)
    )
    return found


def unplaced_rules(rules: CompiledRules) -> CompiledRules:
    """Return rules for a school of which nothing is known: what differs from school to school is not known."""
    formula = rules.formula
    tables = () if formula is None else formula.tables
    return fitted_rules(rules, tuple((one.path, NO_ROW) for one in tables))


def _fitted(rules: CompiledRules, formula: CompiledFormula, fitting: Fitting) -> CompiledRules:
    document = rules.document
    if document.schools_formula is None:
        message = "a compiled formula is of a document with a formula"
        raise RuntimeError(message)
    fitted = compile_fitting(
        document, document.schools_formula, formula.over, fitting, formula.tables
    )
    return replace(rules, parts={**rules.parts, CompiledFormula: fitted})
