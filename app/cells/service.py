"""One number for one cell: published rules and a hypothetical case in, text out."""

from sqlalchemy.orm import Session

from app.calculations.rules import rules_on
from app.cells import bands, schools
from app.cells.schemas import Asked, BandPaysAsked, FactorAsked, NotionalSenAsked, TariffAsked
from engine.rules.compiled import CompiledRules


def _rules(session: Session, rule_set: str, asked: Asked) -> CompiledRules:
    return rules_on(session, rule_set, asked.on, asked.version)


def notional_sen(session: Session, rule_set: str, asked: NotionalSenAsked) -> str:
    """Return a school's notional SEN budget, pounds."""
    return schools.notional_sen(_rules(session, rule_set, asked), asked)


def factor(session: Session, rule_set: str, asked: FactorAsked) -> str:
    """Return one number of one line of the formula."""
    return schools.factor(_rules(session, rule_set, asked), asked)


def tariff(session: Session, rule_set: str, asked: TariffAsked) -> str:
    """Return what a band costs a year, pounds."""
    return bands.tariff(_rules(session, rule_set, asked), asked)


def band_pays(session: Session, rule_set: str, asked: BandPaysAsked) -> str:
    """Return what a band pays for a part of the year, pounds."""
    return bands.band_pays(_rules(session, rule_set, asked), asked)
