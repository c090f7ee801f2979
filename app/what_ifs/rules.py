"""The rules that a what-if names: dated, tried with other values, named in the answer."""

from collections.abc import Collection
from importlib.metadata import version

from sqlalchemy.orm import Session

from app.access import Asker
from app.rule_sets.service import later, rules_in_force
from app.what_ifs.answers import EngineUsed, RulesLater, RulesNote, RulesUsed, Tried
from app.what_ifs.formatting import Record, answer
from app.what_ifs.schemas import RulesRequest
from engine.errors import PairRefused, Problem
from engine.modules import SEMANTICS
from engine.rules import CompiledFormula, CompiledRules, CompiledTopUps
from engine.rules.override import SOURCE
from engine.rules.run_notes import run_notes
from engine.vocabulary import Standing

ENGINE = EngineUsed(version("evenband"), SEMANTICS)


def rules_of(asker: Asker, session: Session, request: RulesRequest) -> CompiledRules:
    """Return the published rules that a caller names, with the values to try in place."""
    overrides = [(one.place, one.value) for one in request.overrides]
    return rules_in_force(
        asker, session, request.rule_set, request.on, overrides, version=request.version,
        known=request.known,
    )  # fmt: skip


def rules_used(
    asker: Asker,
    session: Session,
    rules: CompiledRules,
    request: RulesRequest,
    modules: Collection[str] | None = None,
) -> Record:
    """Return an answer's description of its rules; with overrides they are a proposal.

    ``modules`` are those that valued by them, by name, or all: notes on what none of them reads are left out.
    """
    document = rules.document
    tried = SOURCE in document.sources and bool(request.overrides)
    standing = Standing.proposed if tried else document.standing
    overrides = [Tried(one.place, one.value) for one in request.overrides]
    notes = [answer(RulesNote, one) for one in run_notes(rules, modules)]
    known = request.known
    after = later(
        asker, session, request.rule_set, document.version, on=request.on,
        version=request.version, known=known,
    )  # fmt: skip
    return answer(
        RulesUsed, rules, standing=standing.value, overrides=overrides, notes=notes,
        known=None if known is None else known.isoformat(),
        later=None if after is None else answer(RulesLater, after),
    )  # fmt: skip


def formula_of(rules: CompiledRules) -> CompiledFormula:
    """Return the schools formula of the rules, or refuse rules without one."""
    if rules.formula is None:
        sentence = "this rule set has no schools formula; GET /v1/rule-sets?kind=notional lists those with one"
        raise PairRefused([Problem(sentence, "no-formula", place="schools_formula")])
    return rules.formula


def refuse_without_percentages(rules: CompiledRules) -> CompiledFormula:
    """Return the schools formula, or refuse one of which no part is notional SEN."""
    formula = formula_of(rules)
    if formula.is_notional:
        return formula
    sentence = (
        "this rule set has no notional SEN percentages; use an authority's rule set, or give "
        "percentages as overrides in POST /v1/what-ifs/notional-sen"
    )
    raise PairRefused([Problem(sentence, "no-percentages", place="schools_formula")])


def top_ups_of(rules: CompiledRules) -> CompiledTopUps:
    """Return the band profile of the rules, or refuse rules without one."""
    if rules.top_ups is None:
        sentence = (
            "this rule set has no band profile; GET /v1/rule-sets?kind=bands lists those with one"
        )
        raise PairRefused([Problem(sentence, "no-bands", place="band_profile")])
    return rules.top_ups
