"""The rules that a what-if names: found, dated, tried with other values, named in the answer."""

from collections.abc import Sequence
from datetime import date
from importlib.metadata import version

from sqlalchemy.orm import Session

from app.access import Asker
from app.calculations.answers import EngineUsed, RulesUsed, Tried
from app.calculations.schemas import RulesWanted
from app.caller import go_on
from app.rule_sets.service import compiled_on, published
from engine.errors import PairRefused, Problem
from engine.outcome import SEMANTICS
from engine.rules.compile import check_day
from engine.rules.compiled import CompiledFormula, CompiledRules, CompiledTopUps
from engine.rules.override import SOURCE
from engine.vocabulary import Standing

ENGINE = EngineUsed(version("evenband"), SEMANTICS)


def rules_of(asker: Asker, session: Session, wanted: RulesWanted) -> CompiledRules:
    """Return the published rules that a caller names, with the values to try in place."""
    overrides = [(one.place, one.value) for one in wanted.overrides]
    return rules_on(asker, session, wanted.rule_set, wanted.on, wanted.version, overrides)


def rules_on(
    asker: Asker,
    session: Session,
    identifier: str,
    day: date | None,
    number: int | None,
    overrides: Sequence[tuple[str, str]] = (),
) -> CompiledRules:
    """Return published rules on a day on which they apply, or refuse the day."""
    go_on()
    found = published(asker, session, identifier, number)
    check_day(found.document, day)
    return compiled_on(found, day, overrides)


def told(rules: CompiledRules, wanted: RulesWanted) -> RulesUsed:
    """Return an answer's description of its rules; with overrides they are a proposal."""
    document = rules.document
    tried = SOURCE in document.sources and bool(wanted.overrides)
    return RulesUsed(
        rule_set=document.identifier,
        version=document.version,
        title=document.title,
        digest=rules.digest,
        standing=(Standing.proposed if tried else document.standing).value,
        funding_year=document.funding_year,
        year_kind=document.year_kind,
        on=rules.day.isoformat(),
        overrides=tuple(Tried(one.place, one.value) for one in wanted.overrides),
    )


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
