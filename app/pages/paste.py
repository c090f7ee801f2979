"""Rows copied from a statement, on a page: what was read of them, and the form's address with what they answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import parse_qsl

from app.pages.addresses import CHANGE, YES, within_length
from app.pages.answers import Answers, Mistake
from app.pages.forms import Form
from app.pages.letter_figures import letter_entries
from app.pages.percentages import GUARANTEE, LEVEL, OpenPercentage
from app.pages.trials import choices_of
from app.pages.words import grouped
from engine.columns import AMOUNT_PREFIX, PROPORTION_PREFIX, UNITS_PREFIX
from engine.letters import (
    MINIMUM,
    PROTECTION,
    Figure,
    LineName,
    Meaning,
    Statement,
    StatementAnswers,
    StatementLabels,
    StatementRow,
    read_statement,
    statement_answers,
)
from engine.money import PENCE, PERCENT_TO_MILLIONTHS, is_digits, number, scaled
from engine.rules import CompiledFormula, CompiledLine, Counts
from engine.vocabulary import SchoolPhase

TEXT, DO, USE = "text", "do", "use"
"""The fields of the text, and of what is to be done with it."""

VALUES, OF_STATEMENT, OF_RULES = "values", "statement", "rules"
"""The field of whose unit values are used, and its two answers."""

ROW, FIGURE = "row_", "figure_"
"""How the names of choices begin: the line of a row, what a figure is."""

_CHOICES = (ROW, FIGURE, VALUES)
LONGEST_TEXT = 100_000
MEANINGS = {
    Meaning.units: "pupils, or the number of whatever is counted",
    Meaning.share: "share of the pupils",
    Meaning.unit_value: "amount for each pupil",
    Meaning.pounds: "pounds of the line",
    Meaning.percent: "percentage that is notional SEN",
    Meaning.notional: "pounds that are notional SEN",
    Meaning.of_phase: "all pupils of the phase",
    Meaning.aside: "not used",
}
SHORT = {
    Meaning.units: "number",
    Meaning.share: "share of the pupils",
    Meaning.unit_value: "for each",
    Meaning.pounds: "in all",
    Meaning.percent: "is notional SEN",
    Meaning.notional: "notional SEN",
    Meaning.of_phase: "pupils of the phase",
    Meaning.aside: "not used",
}
TOTALS = {"notional": "Notional SEN budget, in all", "formula": "Formula funding, in all"}
NO_TEXT = Mistake("Paste the rows of your statement", TEXT)
NOTHING_READ = Mistake(
    "None of these rows has a name and a figure of these rules: choose what each row is, or paste other rows",
    TEXT,
)
TOO_MUCH = Mistake(
    "These are more figures than an address holds: choose “none of these” for rows that you do not need",
    TEXT,
)
TOO_LONG = Mistake("The text is too long: paste the rows of one school", TEXT)
_ADJUSTMENTS = {MINIMUM: LEVEL, PROTECTION: GUARANTEE}
"""The boxes of the percentages of adjustments, by their names in a statement."""


@dataclass(frozen=True, slots=True)
class OtherValue:
    """A unit value of a statement that the rules do not have: its line, its place in the rules, pence of both."""

    label: str
    path: str
    printed: int
    own: int

    @property
    def override(self) -> str:
        """Return the statement's value as an address has a number that is tried."""
        return f"{self.path}={number(self.printed, PENCE)}"


@dataclass(frozen=True, slots=True)
class Paste:
    """The page: the form that the rows are for, the text, and what was read of it; None where nothing was sent."""

    form: Form
    text: str = ""
    choices: Mapping[str, str] | None = None
    statement: Statement | None = None
    answers: StatementAnswers | None = None
    mistakes: tuple[Mistake, ...] = ()

    @property
    def lines(self) -> tuple[LineName, ...]:
        """Return every line that a row may be of."""
        formula, phase = self.form.formula, self.form.answers.phase
        return () if formula is None or phase is None else StatementLabels(formula, phase).choices

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return what the page sends beside its text: what the form knows already."""
        kept = _of_form(self.form.answers, self.form)
        return parse_qsl(kept.query(self.form.rules.document.version))

    @property
    def percentages_differ(self) -> Iterator[tuple[str, str, str]]:
        """Yield the lines whose percentage is another one in the rules: its label, and both percentages."""
        if self.answers is None or self.form.formula is None:
            return
        for line in self.form.formula.lines:
            printed = self.answers.percentages.get(line.name)
            if printed is None or line.name in self.form.percentages.lines:
                continue
            if line.percent is not None and scaled(printed, PERCENT_TO_MILLIONTHS) != line.percent:
                own = number(line.percent, PERCENT_TO_MILLIONTHS)
                yield line.label, _plain(printed), own

    @property
    def other_values(self) -> tuple[OtherValue, ...]:
        """Return the unit values that are others in the rules, of which a page can try another."""
        if self.answers is None or self.form.formula is None:
            return ()
        paths = {one.path for one in choices_of(self.form.rules)}
        printed = self.answers.printed.lines
        found = (
            OtherValue(one.label, _place_of_value(one), value, one.year_rate)
            for one in self.form.formula.lines
            if one.name in printed and one.counts is Counts.pupils
            if (value := printed[one.name].unit_value) and one.year_rate not in {None, value}
        )
        return tuple(one for one in found if one.path in paths)

    @property
    def takes_values(self) -> bool:
        """Return whether the statement's unit values are used: as chosen, else where the rules are of no authority."""
        chosen = (self.choices or {}).get(VALUES)
        if chosen is None:
            return self.form.rules.document.authority is None
        return chosen == OF_STATEMENT

    @property
    def filled(self) -> Answers | None:
        """Return the answers of the form with those of the rows; None where nothing was read."""
        if self.answers is None:
            return None
        tried = [one.override for one in self.other_values] if self.takes_values else []
        return filled(self.form, self.answers, tried)

    @property
    def address(self) -> str | None:
        """Return the form with what the rows answer, to be completed; None where no address holds so much."""
        if self.filled is None:
            return None
        document = self.form.rules.document
        query = self.filled.query(document.version)
        address = f"/notional-sen/{document.identifier}?{query}&{CHANGE}={YES}"
        return within_length(address)


def paste_of(form: Form, sent: Sequence[tuple[str, str]]) -> Paste:
    """Return what was read of a text that was sent, by the choices that were sent with it."""
    named = dict(sent)
    text = named.get(TEXT, "").replace("\r\n", "\n")
    choices = {name: one for name, one in sent if name.startswith(_CHOICES) and one}
    phase, formula = form.answers.phase, form.formula
    if not text.strip() or len(text) > LONGEST_TEXT or phase is None or formula is None:
        mistake = TOO_LONG if text.strip() else NO_TEXT
        return Paste(form, text[:LONGEST_TEXT], choices, mistakes=(mistake,))
    return _read(form, text, choices, formula, phase)


def _read(
    form: Form,
    text: str,
    choices: Mapping[str, str],
    formula: CompiledFormula,
    phase: SchoolPhase,
) -> Paste:
    statement = read_statement(text, formula, phase, choices)
    answers = statement_answers(statement, formula)
    found = Paste(form, text, choices, statement, answers)
    has_total = any(one.total for one in statement.rows)
    mistakes = [] if statement.lines or has_total else [NOTHING_READ]
    if found.address is None:
        mistakes.append(TOO_MUCH)
    return replace(found, mistakes=tuple(mistakes))


def is_of_paste(name: str) -> bool:
    """Return whether a field is of this page alone, and in no address."""
    return name in {TEXT, DO} or name.startswith(_CHOICES)


def _place_of_value(line: CompiledLine) -> str:
    return f"schools_formula.factors.{line.key.factor}.{line.key.phase}.unit_value"


def filled(form: Form, found: StatementAnswers, tried: Sequence[str] = ()) -> Answers:
    """Return a form's answers with those of a statement in their place, and its pounds as those of the letter.

    ``tried`` are numbers of the statement to try in the rules, each PATH=VALUE.
    """
    kept = _of_form(form.answers, form)
    answered = {_line(name) for name in found.answers}
    entries = {name: text for name, text in kept.entries.items() if _line(name) not in answered}
    percentages = dict(_percentages(form.percentages.asked, found))
    entries |= {**found.answers, **percentages}
    paths = {one.partition("=")[0] for one in tried}
    others = [one for one in kept.overrides if one.partition("=")[0] not in paths]
    letter = letter_entries(found.printed)
    return replace(kept, entries=entries, letter=letter, overrides=(*others, *tried))


def _of_form(answers: Answers, form: Form) -> Answers:
    """Return answers to questions of the form alone, and the authority where it is a code."""
    names = {one.name for one in form.fields}
    entries = {name: text for name, text in answers.entries.items() if name in names}
    code = answers.authority if is_digits(answers.authority or "") else None
    return replace(answers, entries=entries, authority=code)


def _line(name: str) -> str:
    """Return the line that an answer is of, whichever form of it it is; other answers by their own names."""
    for prefix in (UNITS_PREFIX, AMOUNT_PREFIX, PROPORTION_PREFIX):
        if name.startswith(prefix):
            return f"{UNITS_PREFIX}{name.removeprefix(prefix)}"
    return name


def _percentages(
    asked: Sequence[OpenPercentage], found: StatementAnswers
) -> Iterator[tuple[str, str]]:
    """Yield the boxes of percentages that a statement answers: those whose lines have one percentage."""
    for one in asked:
        printed = {found.percentages[line] for line in one.lines if line in found.percentages}
        if len(printed) == 1:
            yield one.field.name, _plain(printed.pop())
    boxes = {one.field.name for one in asked}
    for name, box in _ADJUSTMENTS.items():
        line = found.printed.lines.get(name)
        if box in boxes and line is not None and line.percent is not None:
            yield box, number(line.percent, PERCENT_TO_MILLIONTHS)


def _plain(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def figure_words(figure: Figure) -> str:
    """Return a figure of a row with what it was read as, such as ``650 (number)``."""
    text = figure.cell.text
    if figure.cell.number is not None and "," not in text and not figure.cell.sign:
        text = grouped(text) if is_digits(text.replace(".", "")) else text
    return f"{text} ({SHORT[figure.meaning]})"


def read_as(row: StatementRow) -> str:
    """Return which line or total a row was read as; empty where it was not."""
    if row.line is not None and row.why_not is None:
        return row.line.label
    return TOTALS.get(row.total or "", "")
