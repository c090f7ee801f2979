"""One number for one cell: published rules and a hypothetical case in, text out."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Asker
from app.calculations.rules import rules_on
from app.cells import bands, schools
from app.cells.schemas import Asked, BandPaysAsked, FactorAsked, NotionalSenAsked, TariffAsked
from engine.rules.compiled import CompiledRules


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of a cell as text, and the rules that it follows from."""

    number: str
    rules: CompiledRules


def _rules(asker: Asker, session: Session, rule_set: str, asked: Asked) -> CompiledRules:
    return rules_on(asker, session, rule_set, asked.on, asked.version)


def notional_sen(asker: Asker, session: Session, rule_set: str, asked: NotionalSenAsked) -> Cell:
    """Return a school's notional SEN budget, pounds."""
    rules = _rules(asker, session, rule_set, asked)
    return Cell(schools.notional_sen(rules, asked), rules)


def factor(asker: Asker, session: Session, rule_set: str, asked: FactorAsked) -> Cell:
    """Return one number of one line of the formula."""
    rules = _rules(asker, session, rule_set, asked)
    return Cell(schools.factor(rules, asked), rules)


def tariff(asker: Asker, session: Session, rule_set: str, asked: TariffAsked) -> Cell:
    """Return what a band costs a year, pounds."""
    rules = _rules(asker, session, rule_set, asked)
    return Cell(bands.tariff(rules, asked), rules)


def band_pays(asker: Asker, session: Session, rule_set: str, asked: BandPaysAsked) -> Cell:
    """Return what a band pays for a part of the year, pounds."""
    rules = _rules(asker, session, rule_set, asked)
    return Cell(bands.band_pays(rules, asked), rules)
