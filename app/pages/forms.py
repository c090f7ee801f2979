"""The form of a school's budget worked out, with what a page shows of a form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl

from app.pages.all_counts import ALL_PREFIX, counted_answers, with_all_counts, without_all_counts
from app.pages.amount_fields import with_amounts
from app.pages.answers import (
    Answers,
    Mistake,
    in_order,
    mistakes_of,
    pin_of,
    read_school,
)
from app.pages.fields import (
    LA,
    Field,
    Part,
    counted_by_itself,
    fields_of,
    fields_of_any,
    own_formula,
)
from app.pages.percentages import NO_PERCENTAGES, Percentages, share_warning
from app.pages.tried_changes import WhatIf
from app.pages.words import whose
from app.rule_sets.later import LaterRules
from app.what_ifs.valuation import value
from engine.authority_codes import authority_codes
from engine.days import day_of
from engine.errors import PairRefused
from engine.expected_calls import (
    CallsStatement,
)
from engine.explain import (
    Explanation,
    Operator,
    Row,
    Unit,
    Working,
    explain_school,
    targeted_working,
)
from engine.modules import (
    SCHOOL_FORMULA,
    TARGETED_FUNDING,
    AbsentLines,
    NotionalOutcome,
    TargetedStatement,
)
from engine.money import percent_of
from engine.rules import (
    CompiledFormula,
    CompiledLine,
    CompiledRules,
)
from engine.rules.run_notes import run_notes
from engine.rules.trials import Trial as RuleTrial
from engine.statement import (
    Correction,
    PlausibilityWarning,
    SchoolStatement,
    Statements,
)
from engine.vocabulary import SchoolPhase

NO_ANSWER = Mistake("Answer at least one question, or treat empty boxes as 0")


@dataclass(frozen=True, slots=True)
class AnswerWarning:
    """What may be wrong with an answer; ``value`` was perhaps meant, and ``query`` is the address with it."""

    sentence: str
    value: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCheck:
    """The calls on a budget, and what the school would be due for its plans."""

    rules: CompiledRules
    calls: CallsStatement
    targeted: TargetedStatement | None
    warnings: tuple[AnswerWarning, ...]
    assistant_hour: int | None = None
    """Pence that an hour of a teaching assistant costs the school; None where it does not say so."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is to be known of the rules: what they pay otherwise than they seem to say."""
        modules = [SCHOOL_FORMULA.name, TARGETED_FUNDING.name]
        return tuple(map(str, run_notes(self.rules, modules, self.places_entered)))

    @property
    def places_entered(self) -> frozenset[str]:
        """Return the places of the rules that the page fills with answers; none of a known budget."""
        return frozenset()

    @property
    def targeted_rows(self) -> tuple[Row, ...]:
        """Return the rows of the extra funding."""
        return () if self.targeted is None else targeted_working(self.targeted, self.rules).rows


@dataclass(frozen=True, slots=True)
class Share:
    """The notional SEN of one part of the formula, pence, and in percent of the budget."""

    label: str
    pence: int
    percent: str | None


@dataclass(frozen=True, kw_only=True)
class SchoolBudget(BudgetCheck):
    """A school's statement with its working, which is worked out once a page asks for it."""

    outcome: NotionalOutcome
    school: SchoolStatement

    percentages: Percentages
    """The percentages that the rules leave to the school's authority, as they were entered."""

    corrected: str | None
    """The address of the answers in which all that is suggested is corrected, where that is several."""

    @cached_property
    def explanation(self) -> Explanation:
        """Return the working of every line; ``NotReconciled`` where steps come to another amount than is paid."""
        return explain_school(self.outcome, int(self.outcome.schools.urn[0]))

    @cached_property
    def workings(self) -> tuple[Working, ...]:
        """Return the workings that come to something."""
        return tuple(one for one in self.explanation.workings if not _comes_to_nothing(one))

    @cached_property
    def nothing(self) -> tuple[str, ...]:
        """Return what comes to nothing, by its label."""
        return tuple(one.label for one in self.explanation.workings if _comes_to_nothing(one))

    @property
    def places_entered(self) -> frozenset[str]:
        """Return the places of the percentages of the school's authority."""
        return self.percentages.places

    @property
    def shares(self) -> Iterator[Share]:
        """Yield the parts of the formula of which some is notional SEN."""
        whole = self.school.notional or 0
        for one in self.school.parts:
            if one.notional:
                yield Share(one.label, one.notional, percent_of(one.notional, whole))


@dataclass(frozen=True, slots=True)
class Form:
    """What a page shows: the questions, the answers, and the result or what is wrong with them."""

    rules: CompiledRules
    answers: Answers
    fields: tuple[Field, ...]
    mistakes: tuple[Mistake, ...] = ()
    result: BudgetCheck | None = None
    what_if: WhatIf | None = None
    percentages: Percentages = NO_PERCENTAGES
    later: LaterRules | None = None
    """What is used today in place of the rules, None where they are in use."""

    @property
    def trials(self) -> list[RuleTrial]:
        """Return the numbers tried in the rules, without the percentages of the school's own authority."""
        return self.percentages.trials_besides(self.rules.trials)

    @property
    def has_own_numbers(self) -> bool:
        """Return whether what is tried are an authority's own numbers in the national formula, as its percentages are."""
        return self.rules.document.authority is None and bool(self.percentages.asked)

    @property
    def is_published(self) -> bool:
        """Return whether every number tried is the published one."""
        return all(one.is_published for one in self.trials)

    @property
    def whose(self) -> str:
        """Return the authority of the school, or the title of national rules where it is not named."""
        own = authority_codes().get(int(self.answers.authority or 0))
        return whose(self.rules.document) if own is None else own.name

    @property
    def whose_and_year(self) -> str:
        """Return whose rules these are for the school, with their year."""
        name, year = self.whose, self.rules.document.funding_year
        return name if year in name else f"{name} {year}"

    @property
    def query(self) -> str:
        """Return the address of these answers under this version of the rules."""
        return self.answers.query(self.rules.document.version)

    @property
    def query_alone(self) -> str:
        """Return the address of these answers without what a letter prints."""
        return self.answers.without_letter.query(self.rules.document.version)

    @property
    def published_query(self) -> str:
        """Return the address of these answers with nothing tried in the rules."""
        return replace(self.answers, overrides=()).query(self.rules.document.version)

    @property
    def query_today(self) -> str | None:
        """Return the address of these answers under the version that is used today; None where none is."""
        number = None if self.later is None else self.later.number
        return None if number is None else replace(self.answers, known="").query(number)

    @property
    def known(self) -> date | None:
        """Return the day on whose knowledge of the rules the result rests, None for a version by its number."""
        return day_of(self.answers.known) if self.answers.known else None

    @property
    def pin(self) -> tuple[str, str]:
        """Return how the form names the version of its rules."""
        return pin_of(self.rules.document.version, self.answers.known)

    @property
    def without_pin(self) -> list[tuple[str, str]]:
        """Return what the address of these answers holds besides the version of the rules."""
        return [one for one in parse_qsl(self.query) if one != self.pin]

    @property
    def formula(self) -> CompiledFormula | None:
        """Return the schools formula of the rules, by the values of the school's authority and phase where they differ."""
        phase = self.answers.phase
        return self.rules.formula if phase is None else own_formula(self.rules, self.la, phase)

    @property
    def la(self) -> str:
        """Return the code of the school's authority: that of the rules, or the one that was sent; empty for none."""
        own = self.rules.document.authority
        return self.answers.authority or "" if own is None else own.code

    @property
    def added_lines(self) -> tuple[CompiledLine, ...]:
        """Return the lines that are added without a question."""
        if self.formula is None or self.answers.phase is None:
            return ()
        return counted_by_itself(self.formula, self.answers.phase)

    def of(self, part: Part) -> tuple[Field, ...]:
        """Return the questions of one part."""
        return tuple(field for field in self.fields if field.part == part)

    def filled_boxes(self, part: Part) -> int:
        """Return how many boxes of a part a statement filled in, where none of them is left to be answered; else 0."""
        own = self.answers
        none = own.percentages_none if part is Part.percentages else own.blanks_are_none
        asked = [one.name for one in self.of(part) if not one.name.startswith(ALL_PREFIX)]
        is_open = any(self.wrong(one) or not (none or one in own.entries) for one in asked)
        return 0 if is_open or not own.letter else sum(one in own.entries for one in asked)

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with an answer."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)

    def with_mistakes(self, *mistakes: Mistake) -> "Form":
        """Return the form with what is wrong, in the order of the questions."""
        return replace(self, mistakes=tuple(in_order(mistakes, self.fields)))


def budget_form(
    rules: CompiledRules,
    formula: CompiledFormula,
    answers: Answers,
    percentages: Percentages = NO_PERCENTAGES,
    *,
    sent: bool,
) -> Form:
    """Return the form of a school's budget with its result or every mistake; ``sent`` for one without answers too.

    ``percentages`` are those that the rules leave to the school's authority; ``rules`` have what was typed for them.
    """
    phase = answers.phase
    bare = Form(rules, answers, ())
    asked = () if phase is None else _questions(bare.formula or formula, phase, answers)
    # An authority that is known already goes with the form, and is not asked for again.
    questions = [percentages.question(one) for one in asked if one.name != LA or not bare.la]
    form = Form(rules, answers, (*questions, *percentages.fields), percentages=percentages)
    if not answers.entries and not answers.blanks_are_none:
        return form.with_mistakes(NO_ANSWER) if sent else form
    mistakes: list[Mistake] = []
    read = counted_answers(answers, form.fields, bare.formula or formula, mistakes)
    school = read_school(read, form.fields, rules.wanted, mistakes, form.la)
    if school is None or mistakes:
        return form.with_mistakes(*mistakes)
    meaning = AbsentLines.zero if answers.blanks_are_none else AbsentLines.not_supplied
    try:
        outcome = value(rules, school.table, absent=meaning).notional
    except PairRefused as refusal:
        return form.with_mistakes(*mistakes_of(refusal.problems, form.fields))
    if outcome is None:
        message = "a rule set without a schools formula has no page"
        raise ValueError(message)
    statements = Statements(outcome, school.sen_support_cost)
    statement = statements.whole(0)
    budget = SchoolBudget(
        rules=rules,
        percentages=percentages,
        calls=statement.calls,
        targeted=statement.targeted,
        assistant_hour=school.assistant_hour,
        warnings=(
            *(
                _warning(one, form)
                for one in statements.warnings
                if not percentages.are_named_in(one.sentence)
            ),
            *(_share(field, meant, form) for field, meant in percentages.looks_like_share()),
        ),
        corrected=_corrected(statements.warnings, form),
        outcome=outcome,
        school=statement,
    )
    return replace(form, result=budget)


def _questions(formula: CompiledFormula, phase: SchoolPhase, answers: Answers) -> tuple[Field, ...]:
    """Return the questions for a school of a phase, and those of other phases that the answers have.

    A middle school that is deemed primary has pupils of key stage 3, and the lines of both count.
    """
    counted = with_amounts(fields_of(formula, phase), formula, phase, answers.entries)
    usual = with_all_counts(counted, formula, phase)
    names = {field.name for field in usual}
    others = [
        field
        for field in fields_of_any(formula)
        if field.name in answers.entries and field.name not in names
    ]
    return (*usual, *others)


def _warning(one: PlausibilityWarning, form: Form) -> AnswerWarning:
    """Return what may be wrong with an answer, with the address of the answers in which it is corrected."""
    if one.correction is None:
        return AnswerWarning(one.sentence)
    return AnswerWarning(one.sentence, one.correction.value, _query(form, [one.correction]))


def _share(field: Field, meant: str, form: Form) -> AnswerWarning:
    """Return that a share was perhaps typed for a percentage, with the address in which it is one."""
    query = _query(form, [Correction(field.name, meant)])
    return AnswerWarning(share_warning(field, meant), meant, query)


def _corrected(warnings: Iterable[PlausibilityWarning], form: Form) -> str | None:
    """Return the address of the answers with every correction, None where there are fewer than two."""
    corrections = [one.correction for one in warnings if one.correction is not None]
    return _query(form, corrections) if len(corrections) > 1 else None


def _query(form: Form, corrections: Iterable[Correction]) -> str:
    corrected = dict(corrections)
    entries = {**without_all_counts(form.answers.entries, corrected), **corrected}
    return replace(form.answers, entries=entries).query(form.rules.document.version)


def _comes_to_nothing(working: Working) -> bool:
    """Return whether a working has no amount but 0, and no row that says what decided so."""
    if any(row.operator is Operator.decides for row in working.rows):
        return False
    amounts = [row.value for row in working.rows if row.unit is Unit.pounds and row.source is None]
    return bool(amounts) and set(amounts) == {"0.00"}
