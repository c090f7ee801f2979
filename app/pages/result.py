"""One school's answers worked out by the engine, as the page and its downloads show them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.calculations.targeted import pupils_of
from app.pages.answers import Answers, School
from app.pages.calls import Calls, calls_on
from app.pages.fields import line_words, lines_for
from app.pages.targeted import Targeted, targeted_for
from engine.evaluate import evaluate
from engine.evaluate.absent import AbsentLines, declare_absent
from engine.explain import Explanation, Working, explain_school
from engine.explain.protections import FRINGE
from engine.explain.rows import Unit
from engine.money import percent_of
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.formula import Counts
from engine.vocabulary import SchoolPhase

MINIMUM = "Minimum per-pupil level"
YEARS = ": the year groups of each age are not given"
SHARED = frozenset({Counts.school, Counts.sparsity})
"""What a line counts that its year groups decide."""

PROTECTION = "Minimum funding guarantee, cap and scaling"


@dataclass(frozen=True, slots=True)
class Share:
    """The notional SEN of one line, pence; ``operator`` joins it to the line above."""

    label: str
    pence: int
    percent: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A school's notional SEN budget with everything that the page says of it; money is pence."""

    rules: CompiledRules
    explanation: Explanation
    shown: tuple[Working, ...]
    nothing: tuple[str, ...]
    notional: int
    formula: int
    shares: tuple[Share, ...]
    left_out: tuple[str, ...]
    not_known: tuple[str, ...]
    complete: bool
    formula_complete: bool
    calls: Calls
    targeted: Targeted | None

    @property
    def percent_of_formula(self) -> str | None:
        """Return notional SEN in percent of formula funding, to two decimals."""
        return percent_of(self.notional, self.formula)


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
    unknown = tuple(_unknown(outcome))
    notional = int(outcome.notional_total[0])
    explanation = _explained(outcome, formula, answers.phase)
    shown, nothing = _parted(explanation.workings)
    complete = bool(outcome.budget_known()[0])
    budget = notional if complete else None
    calls = calls_on(budget, formula.threshold, school)
    return Result(
        rules=rules,
        explanation=explanation,
        shown=shown,
        nothing=nothing,
        notional=notional,
        formula=int(outcome.formula_total[0]),
        shares=tuple(_shares(outcome, formula)),
        left_out=tuple(_left_out(outcome)),
        not_known=unknown,
        complete=complete,
        formula_complete=not unknown,
        calls=calls,
        targeted=targeted_for(rules, calls, pupils_of(outcome, 0)),
    )


def _explained(
    outcome: NotionalOutcome, formula: CompiledFormula, phase: SchoolPhase
) -> Explanation:
    """Return the working of the phase's lines in the words of the form."""
    explanation = explain_school(outcome, int(outcome.schools.urn[0]))
    words = {line.name: line_words(line) for line in lines_for(formula, phase)}
    others = {line.name for line in formula.lines} - words.keys()
    workings = (
        replace(one, label=words.get(one.name, one.label))
        for one in explanation.workings
        if one.name not in others
    )
    return replace(explanation, workings=tuple(workings))


def _parted(workings: tuple[Working, ...]) -> tuple[tuple[Working, ...], tuple[str, ...]]:
    """Return the workings that come to something or are not known, and the names of the others."""
    nothing = [one for one in workings if _comes_to_nothing(one)]
    shown = tuple(one for one in workings if one not in nothing)
    return shown, tuple(one.label for one in nothing)


def _comes_to_nothing(working: Working) -> bool:
    amounts = [row.value for row in working.rows if row.unit is Unit.pounds and row.source is None]
    return bool(amounts) and set(amounts) == {"0.00"}


def _shares(outcome: NotionalOutcome, formula: CompiledFormula) -> Iterator[Share]:
    whole = int(outcome.notional_total[0])
    parts = [
        (line_words(line), int(pence))
        for line, pence in zip(outcome.lines, outcome.notional[0], strict=True)
    ]
    parts.append((FRINGE, int(outcome.fringe_notional[0])))
    if formula.minimum_percent is not None:
        parts.append((MINIMUM, int(outcome.uplift_notional[0])))
    if formula.protection_percent is not None:
        parts.append((PROTECTION, int(outcome.protection_notional[0])))
    for label, pence in parts:
        if pence:
            yield Share(label, pence, percent_of(pence, whole))


def _left_out(outcome: NotionalOutcome) -> Iterator[str]:
    """Yield the lines that are paid and of which nothing is notional SEN."""
    for at, line in enumerate(outcome.lines):
        if outcome.amount[0, at] and not line.percent:
            yield line_words(line)


def _unknown(outcome: NotionalOutcome) -> Iterator[str]:
    """Yield the name of each part that is not known."""
    without_years = not outcome.years[0].sum()
    for at, line in enumerate(outcome.lines):
        if outcome.absent[0, at]:
            why = YEARS if without_years and line.counts in SHARED else ""
            yield f"{line_words(line)}{why}"
    if outcome.fringe_absent[0]:
        yield f"{FRINGE} multiplier"
    if outcome.protection_absent[0]:
        yield f"{PROTECTION}: figures of last year"
    if outcome.minimum_absent[0]:
        yield MINIMUM
