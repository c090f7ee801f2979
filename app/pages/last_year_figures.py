"""Last year's figures typed beside this year's: which rules last year had, and their questions for the same school."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.access import Asker
from app.pages import service
from app.pages.answers import AUTHORITY, PHASE, SCHOOL, URN, VERSION
from app.pages.fields import Asks, Field, Part
from app.pages.forms import Form
from app.pages.last_year import NOW, SavedResult
from app.pages.rule_lists import Choice
from app.pages.school_forms import budget_form_of
from app.pages.words import whose_and_year
from engine.rules import RuleSet

RULES = "rules"
Entries = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LastYearFigures:
    """The questions about last year; ``form`` is None where no rules of another year are here, or they do not fund the school."""

    now: SavedResult
    choices: tuple[Choice, ...]
    chosen: str
    form: Form | None = None

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return what the form sends beside its boxes."""
        form = self.form
        if form is None:
            return []
        of_school = _of_school(self.now, form.rules.document)
        version = (VERSION, str(form.rules.document.version))
        return [(NOW, self.now.address), (RULES, self.chosen), version, *of_school]


def last_year_figures(
    asker: Asker, session: Session, now: SavedResult, entries: Entries, *, sent: bool
) -> LastYearFigures:
    """Return the questions of last year's rules, those of the year before of the same authority where none are named.

    ``sent`` where a result is asked for: the form then has it, or every mistake.
    """
    form = now.form
    if form is None:
        return LastYearFigures(now, (), "")
    documents = [
        one
        for one in service.school_rules(asker, session)
        if one.funding_year != form.rules.document.funding_year
        and (one.authority is None or one.authority.code == form.la)
    ]
    documents.sort(key=lambda one: (one.funding_year, one.authority is not None), reverse=True)
    choices = tuple(Choice(one.identifier, whose_and_year(one)) for one in documents)
    named = dict(entries).get(RULES, "")
    own = next((one for one in documents if one.identifier == named), None)
    chosen = own or _usual(documents, form.rules.document.funding_year)
    if chosen is None:
        return LastYearFigures(now, choices, "")
    typed = [(name, text) for name, text in entries if name not in {NOW, RULES, PHASE, *_NAMES}]
    asked = [*_of_school(now, chosen), *typed]
    found = budget_form_of(asker, session, chosen.identifier, asked, sent=sent)
    if found is not None:
        found = replace(found, fields=tuple(_beside(one, form) for one in found.fields))
    return LastYearFigures(now, choices, chosen.identifier, found)


_NAMES = (AUTHORITY, SCHOOL, URN)
"""What is sent of the school itself, which is that of this year's result."""


def _of_school(now: SavedResult, rules: RuleSet) -> list[tuple[str, str]]:
    """Return the answers that say which school it is, as an address has them."""
    form = now.form
    if form is None or form.answers.phase is None:
        return []
    answers = form.answers
    found = [(PHASE, answers.phase.name)] if answers.phase else []
    found += [(AUTHORITY, form.la)] if form.la and rules.authority is None else []
    named = [(SCHOOL, answers.school), (URN, answers.urn)]
    return [*found, *(one for one in named if one[1])]


def _usual(documents: Sequence[RuleSet], year: str) -> RuleSet | None:
    """Return the rules of the latest year before one, an authority's own first; else the first that there are."""
    before = [one for one in documents if one.funding_year < year]
    return next(iter(before or documents), None)


def _beside(field: Field, now: Form) -> Field:
    """Return a question that says what was answered for this year."""
    answer = now.answers.entries.get(field.name)
    if answer is None or field.part is Part.calls:
        return field
    figure = {Asks.pounds: f"£{answer}", Asks.percent: f"{answer}%"}.get(field.asks, answer)
    return replace(field, hints=(*field.hints, f"This year: {figure}."))
