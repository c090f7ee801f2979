"""Which rule sets have a page, and what is found in the service's keeping for each."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access import Asker
from app.errors import AddressUnknown
from app.pages.fields import formula_of
from app.pages.rule_lists import Choices, by_year, published_first
from app.rule_sets import service as rule_sets
from app.rule_sets.schemas import Kind
from engine.rules import CompiledFormula, CompiledRules, RuleSet, TargetedFunding

Overrides = Sequence[tuple[str, str]]
"""Numbers to try in the rules: each a path and a value."""


class NoNotionalPart(AddressUnknown):
    """The rule set names no notional SEN percentages."""

    kind = "no-notional-part"
    title = "These rules have no notional SEN budget"
    detail = "This rule set has no schools formula with notional SEN percentages. Choose another from the list."


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
        "or its prices depend on more than a cell may ask."
    )


def years(asker: Asker, session: Session) -> list[Choices]:
    """Return the rule sets with a notional SEN budget by year, the newest year first."""
    return by_year(
        [
            found.document
            for found in rule_sets.every_published(asker, session, Kind.notional)
            if formula_of(rule_sets.compiled_on(found)) is not None
        ]
    )


def checks(asker: Asker, session: Session) -> list[RuleSet]:
    """Return the rule sets that pay extra to schools with many plans, by whose they are."""
    found = rule_sets.every_published(asker, session, Kind.targeted)
    return published_first([one.document for one in found])


def rules_with_check(
    asker: Asker, session: Session, identifier: str, version: int | None, overrides: Overrides = ()
) -> tuple[CompiledRules, TargetedFunding]:
    """Return rules that have targeted funding, or refuse."""
    rules = rule_sets.rules_in_force(
        asker, session, identifier, overrides=overrides, version=version
    )
    rule = rules.document.targeted_funding
    if rule is None:
        raise NoTargetedFunding
    return rules, rule


def rules_with_page(
    asker: Asker, session: Session, identifier: str, version: int | None, overrides: Overrides = ()
) -> tuple[CompiledRules, CompiledFormula]:
    """Return rules whose formula has a notional part, or refuse."""
    rules = rule_sets.rules_in_force(
        asker, session, identifier, overrides=overrides, version=version
    )
    formula = formula_of(rules)
    if formula is None:
        raise NoNotionalPart
    return rules, formula
