"""Which rule sets have a page, and what is found in the service's keeping for each."""

from collections.abc import Sequence
from io import BytesIO

from sqlalchemy.orm import Session

from app.access import Asker
from app.errors import AddressUnknown
from app.pages.pins import Pin
from app.pages.words import whose
from app.rule_sets import service as rule_sets
from app.rule_sets.schemas import Kind
from engine.lab.imports import write_formula_workbook
from engine.rules import CompiledFormula, CompiledRules, RuleSet, TargetedFunding, unplaced_rules
from engine.vocabulary import Standing

Overrides = Sequence[tuple[str, str]]
"""Numbers to try in the rules: each a path and a value."""


class NoNotionalPart(AddressUnknown):
    """The rule set has no schools formula."""

    kind = "no-notional-part"
    title = "These rules have no notional SEN budget"
    detail = "This rule set has no formula for schools' budgets, of which part is notional SEN. Choose another from the list."


class NoTargetedFunding(AddressUnknown):
    """The rule set pays nothing extra to schools with many plans."""

    kind = "no-targeted-funding"
    title = "These rules pay no extra funding to schools with many plans"
    detail = "This rule set has no extra funding to check a budget against. Choose another from the list."


class NoWorkbook(AddressUnknown):
    """There is nothing that cells could ask under the rule set."""

    kind = "no-workbook"
    title = "There is no workbook for these rules"
    detail = (
        "A workbook asks for notional SEN budgets and for what bands pay; this rule set has neither, "
        "or its percentages are not printed, or its prices depend on more than a cell may ask."
    )


def school_rules(asker: Asker, session: Session) -> list[RuleSet]:
    """Return the rule sets under which a school's notional SEN budget is worked out, without proposals and examples.

    Among them are those of the national formula, whose percentages are those of the school's authority.
    """
    found = rule_sets.every_published(asker, session)
    documents = [one.document for one in found if one.document.schools_formula is not None]
    return [one for one in documents if one.standing is not Standing.proposed]


def compiled_school_rules(asker: Asker, session: Session) -> list[CompiledRules]:
    """Return the rules of ``school_rules``, compiled."""
    chosen = {one.identifier for one in school_rules(asker, session)}
    every = rule_sets.every_published(asker, session)
    return [rule_sets.compiled_on(one) for one in every if one.identifier in chosen]


def checks(asker: Asker, session: Session) -> list[RuleSet]:
    """Return the rule sets that pay extra to schools with many plans, by whose they are; no proposals and examples."""
    found = [one.document for one in rule_sets.every_published(asker, session, Kind.targeted)]
    return sorted((one for one in found if one.standing is not Standing.proposed), key=whose)


def rules_with_check(
    asker: Asker, session: Session, identifier: str, pin: Pin, overrides: Overrides = ()
) -> tuple[CompiledRules, TargetedFunding]:
    """Return rules that have targeted funding, or refuse."""
    rules = rule_sets.rules_in_force(
        asker, session, identifier, overrides=overrides, version=pin.version, known=pin.known
    )
    rule = rules.document.targeted_funding
    if rule is None:
        raise NoTargetedFunding
    return rules, rule


def rules_with_formula(
    asker: Asker, session: Session, identifier: str, pin: Pin, overrides: Overrides = ()
) -> tuple[CompiledRules, CompiledFormula]:
    """Return rules that have a schools formula, or refuse."""
    rules = rule_sets.rules_in_force(
        asker, session, identifier, overrides=overrides, version=pin.version, known=pin.known
    )
    formula = unplaced_rules(rules).formula
    if formula is None:
        raise NoNotionalPart
    return rules, formula


def formula_workbook(asker: Asker, session: Session, identifier: str, pin: Pin) -> bytes:
    """Return the schools formula of a published version as a workbook to edit."""
    document = rule_sets.published(
        asker, session, identifier, pin.version, known=pin.known
    ).document
    if document.schools_formula is None:
        raise NoNotionalPart
    held = BytesIO()
    write_formula_workbook(document, held)
    return held.getvalue()
