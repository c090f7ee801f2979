"""The schools formula and notional SEN of each school."""

from engine.modules.explanation import Explanation, urn_of
from engine.modules.module import Inputs, Module
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.table import school_rows, school_sums
from engine.modules.school_formula.valuation import value_schools
from engine.modules.school_formula.working import explain_school
from engine.rows import Rows
from engine.rules.compiled import CompiledFormula
from engine.rules.reads import Reads

__all__ = ["SCHOOL_FORMULA", "NotionalOutcome", "SchoolFormula"]


class SchoolFormula(Module[CompiledFormula, NotionalOutcome]):
    """Each school's formula funding and its notional SEN budget."""

    name = "schools_formula"
    subject = "school with this reference number"
    compiled = CompiledFormula

    def reads(self, part: CompiledFormula) -> Reads:
        """Return the columns of schools that are read."""
        return part.reads

    def value(self, inputs: Inputs) -> NotionalOutcome | None:
        """Value schools; units come from the pupils where the school table has no column for a line."""
        formula = self.of(inputs.rules)
        if formula is None or inputs.tables.schools is None:
            return None
        return value_schools(
            inputs.rules, formula, inputs.tables.schools, inputs.tables.pupils, inputs.blocks
        )

    def rows(self, outcome: NotionalOutcome) -> Rows:
        """Return one row a school."""
        return school_rows(outcome)

    def totals(self, outcome: NotionalOutcome) -> Rows:
        """Return the sums of formula funding and notional SEN, in all and by group."""
        return school_sums(outcome)

    def explanation(self, outcome: NotionalOutcome, subject: str) -> Explanation | None:
        """Return the working of a school's notional SEN, by its reference number."""
        urn = urn_of(subject)
        if urn is None or urn not in outcome.schools.urn:
            return None
        return explain_school(outcome, urn)


SCHOOL_FORMULA = SchoolFormula()
