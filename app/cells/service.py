"""One number for one cell: published rules and a hypothetical case in, text out."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Asker
from app.cells import bands, schools
from app.cells.schemas import BandPaysQuery, CellQuery, FactorQuery, NotionalSenQuery, TariffQuery
from app.rule_sets.service import rules_in_force
from engine.rules import CompiledRules


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of a cell as text, and the rules that it follows from."""

    number: str
    rules: CompiledRules


def _rules(asker: Asker, session: Session, rule_set: str, query: CellQuery) -> CompiledRules:
    return rules_in_force(asker, session, rule_set, query.on, version=query.version)


def notional_sen(asker: Asker, session: Session, rule_set: str, query: NotionalSenQuery) -> Cell:
    """Return a school's notional SEN budget, pounds."""
    rules = _rules(asker, session, rule_set, query)
    return Cell(schools.notional_sen(rules, query), rules)


def factor(asker: Asker, session: Session, rule_set: str, query: FactorQuery) -> Cell:
    """Return one number of one line of the formula."""
    rules = _rules(asker, session, rule_set, query)
    return Cell(schools.factor(rules, query), rules)


def tariff(asker: Asker, session: Session, rule_set: str, query: TariffQuery) -> Cell:
    """Return what a band costs a year, pounds."""
    rules = _rules(asker, session, rule_set, query)
    return Cell(bands.tariff(rules, query), rules)


def band_pays(asker: Asker, session: Session, rule_set: str, query: BandPaysQuery) -> Cell:
    """Return what a band pays for a part of the year, pounds."""
    rules = _rules(asker, session, rule_set, query)
    return Cell(bands.band_pays(rules, query), rules)
