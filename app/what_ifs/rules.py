"""The rules that a what-if names: dated, tried with other values, named in the answer."""

from collections.abc import Collection
from importlib.metadata import version as installed

from sqlalchemy.orm import Session

from app.access import Asker
from app.rule_sets.later import LaterRules
from app.rule_sets.service import later, published, rules_in_force
from app.scenarios.overlays import overlay_digest, overlay_of
from app.scenarios.service import found
from app.what_ifs.answers import EngineUsed, RulesLater, RulesNote, RulesUsed, Tried
from app.what_ifs.formatting import Record, answer
from app.what_ifs.schemas import RulesRequest
from engine.errors import PairRefused, Problem
from engine.modules import SEMANTICS
from engine.rules import CompiledFormula, CompiledRules, CompiledTopUps
from engine.rules.override import SOURCE
from engine.rules.run_notes import run_notes
from engine.vocabulary import Standing

ENGINE = EngineUsed(installed("evenband"), SEMANTICS)


def rules_of(asker: Asker, session: Session, request: RulesRequest) -> CompiledRules:
    """Return the published rules that a caller names, with the values to try in place."""
    version, overrides = _chosen(asker, session, request)
    return rules_in_force(
        asker, session, request.rule_set, request.on, overrides, version=version,
        known=request.known,
    )  # fmt: skip


def _chosen(
    asker: Asker, session: Session, request: RulesRequest
) -> tuple[int | None, list[tuple[str, str]]]:
    """Return the version that a caller names, and the values to try: its own, or those of a scenario."""
    if request.scenario is None:
        return request.version, [(one.place, one.value) for one in request.overrides]
    saved = found(asker, session, request.scenario)
    if saved.row.rule_set != request.rule_set:
        sentence = f"is a scenario of {saved.row.rule_set}; give that as rule_set"
        raise PairRefused([Problem(sentence, "scenario", place="scenario")])
    return saved.row.version, list(saved.overlay.items())


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
    version, pairs = _chosen(asker, session, request)
    tried = SOURCE in document.sources and bool(pairs)
    standing = Standing.proposed if tried else document.standing
    overrides = [Tried(*one) for one in pairs]
    base = overlay = None
    if pairs:
        base = published(asker, session, request.rule_set, document.version).digest
        overlay = overlay_digest(base, overlay_of(pairs))
    notes = [answer(RulesNote, one) for one in run_notes(rules, modules)]
    known = request.known
    after = later(
        asker, session, request.rule_set, document.version, on=request.on,
        version=version, known=known,
    )  # fmt: skip
    return answer(
        RulesUsed, rules, standing=standing.value, overrides=overrides, notes=notes,
        known=None if known is None else known.isoformat(), base=base, overlay=overlay,
        later=None if after is None else answer(RulesLater, after, **_to_take(request, after)),
    )  # fmt: skip


def _to_take(request: RulesRequest, after: LaterRules) -> Record:
    """Return how to use the version of today where a scenario was asked for, which has its own version."""
    if request.scenario is None or after.number is None:
        return {}
    return {"sentence": f"{after.statement}; save the same numbers in that version to use it"}


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
