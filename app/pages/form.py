"""The form with its answers, its mistakes and, where there are none, its result."""

from dataclasses import dataclass

from app.pages.answers import Answers, Mistake, in_order, mistakes_of, read
from app.pages.fields import Field, Part, fields_of
from app.pages.result import Result, work_out
from engine.errors import PairRefused
from engine.rules import CompiledFormula, CompiledRules

NOTHING_GIVEN = Mistake("Answer at least one question, or treat empty boxes as 0")


@dataclass(frozen=True, slots=True)
class Form:
    """What a page shows: the questions, the answers and the result."""

    rules: CompiledRules
    formula: CompiledFormula
    answers: Answers
    fields: tuple[Field, ...]
    mistakes: tuple[Mistake, ...] = ()
    result: Result | None = None

    @property
    def query(self) -> str:
        """Return the address of these answers under this version of the rules."""
        return self.answers.query(self.rules.document.version)

    def of(self, part: Part) -> tuple[Field, ...]:
        """Return the questions of one part."""
        return tuple(field for field in self.fields if field.part == part)

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with an answer."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)


def worked(
    rules: CompiledRules, formula: CompiledFormula, answers: Answers, *, asked: bool
) -> Form:
    """Return the form with its result or every mistake; ``asked`` for a result without answers too."""
    fields = fields_of(formula, answers.phase)
    form = Form(rules, formula, answers, fields)
    if not answers.given and not answers.blanks_are_none:
        return _with(form, (NOTHING_GIVEN,)) if asked else form
    school = read(answers, fields, rules.wanted)
    if isinstance(school, list):
        return _with(form, tuple(school))
    try:
        result = work_out(rules, formula, school, answers)
    except PairRefused as refusal:
        asked_of = {field.name: field for field in fields}
        return _with(form, tuple(in_order(mistakes_of(refusal.problems, asked_of), fields)))
    return Form(rules, formula, answers, fields, result=result)


def _with(form: Form, mistakes: tuple[Mistake, ...]) -> Form:
    return Form(form.rules, form.formula, form.answers, form.fields, mistakes)
