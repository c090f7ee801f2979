"""One school's answers worked out by the engine, as the page and its downloads show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.pages.answers import Answers, School
from engine.expected_calls import CallsStatement
from engine.explain import Explanation, Row, Working, explain_school, targeted_working
from engine.explain.rows import Unit
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.modules.targeted import TargetedStatement
from engine.money import percent_of
from engine.rules import CompiledFormula, CompiledRules
from engine.run import evaluate
from engine.statement import SchoolStatement, Statements


@dataclass(frozen=True, slots=True)
class Share:
    """The notional SEN of one part of the formula, pence, and in percent of the budget."""

    label: str
    pence: int
    percent: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A school's statement with its working: rows that come to something, and what comes to nothing."""

    rules: CompiledRules
    school: SchoolStatement
    explanation: Explanation
    shown: tuple[Working, ...]
    nothing: tuple[str, ...]

    @property
    def calls(self) -> CallsStatement:
        """Return what the budget is expected to pay for."""
        return self.school.calls

    @property
    def targeted(self) -> TargetedStatement | None:
        """Return the extra funding that the school would get for its plans."""
        return self.school.targeted

    @property
    def targeted_rows(self) -> tuple[Row, ...]:
        """Return the rows of the extra funding."""
        return () if self.targeted is None else targeted_working(self.targeted, self.rules).rows

    @property
    def shares(self) -> Iterator[Share]:
        """Yield the parts of the formula of which some is notional SEN."""
        whole = self.school.notional or 0
        for one in self.school.parts:
            if one.notional:
                yield Share(one.label, one.notional, percent_of(one.notional, whole))


def work_out(
    rules: CompiledRules, formula: CompiledFormula, school: School, answers: Answers
) -> Result:
    """Work out the school's budget, costs and funding; raises ``PairRefused`` where the rules do not fit."""
    meaning = AbsentLines.zero if answers.blanks_are_none else AbsentLines.not_supplied
    table = declare_absent(formula, school.table, meaning)
    outcome = evaluate(rules, schools=table).notional
    if outcome is None:
        message = "a rule set without a schools formula has no page"
        raise ValueError(message)
    explanation = explain_school(outcome, int(outcome.schools.urn[0]))
    nothing = [one for one in explanation.workings if _comes_to_nothing(one)]
    return Result(
        rules=rules,
        school=Statements(outcome, school.sen_support_cost).whole(0),
        explanation=explanation,
        shown=tuple(one for one in explanation.workings if one not in nothing),
        nothing=tuple(one.label for one in nothing),
    )


def _comes_to_nothing(working: Working) -> bool:
    amounts = [row.value for row in working.rows if row.unit is Unit.pounds and row.source is None]
    return bool(amounts) and set(amounts) == {"0.00"}
