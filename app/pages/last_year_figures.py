"""Last year's figures typed beside this year's: which rules last year had, and their questions for the same school."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.access import Asker
from app.pages import service
from app.pages.answers import AUTHORITY, PHASE, SCHOOL, URN, VERSION
from app.pages.fields import Asks, Field, Part
from app.pages.forms import Form
from app.pages.last_year import NOW, SavedResult
from app.pages.percentages import GUARANTEE, LEVEL
from app.pages.rule_lists import Choice
from app.pages.school_forms import budget_form_of
from app.pages.start import PASTE
from app.pages.words import money, whose_and_year
from engine.money import PERCENT_TO_MILLIONTHS, number
from engine.reading import pence_in
from engine.rules import RuleSet

RULES = "rules"
AS_NOW, YES = "as_now", "yes"
"""The field that takes this year's percentages where last year's are not typed."""

Entries = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LastYearFigures:
    """The questions about last year; ``form`` is None where no rules of another year are here, or they do not fund the school."""

    now: SavedResult
    choices: tuple[Choice, ...]
    chosen: str
    form: Form | None = None
    as_now: bool = False
    """Whether a percentage that is not typed is that of this year."""

    @property
    def paste_address(self) -> str | None:
        """Return the page on which rows of last year's statement are pasted, None where there are no questions."""
        form = self.form
        if form is None:
            return None
        document = form.rules.document
        of_school = [(NOW, self.now.address), *_of_school(self.now, document)]
        return f"/paste/{document.identifier}?{urlencode(of_school)}"

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
    aside = {NOW, RULES, PHASE, AS_NOW, PASTE, *_NAMES}
    typed = [(name, text) for name, text in entries if name not in aside]
    as_now = (AS_NOW, YES) in entries
    asked = [*_of_school(now, chosen), *typed]
    if as_now:
        bare = budget_form_of(asker, session, chosen.identifier, asked, sent=False)
        answered = {name for name, text in typed if text.strip()}
        asked += [one for one in _percentages_of(form, bare) if one[0] not in answered]
        asked = [one for one in asked if one[1].strip()]
    found = budget_form_of(asker, session, chosen.identifier, asked, sent=sent)
    if found is not None:
        found = replace(found, fields=tuple(_beside(one, form) for one in found.fields))
    return LastYearFigures(now, choices, chosen.identifier, found, as_now)


def _percentages_of(now: Form, then: Form | None) -> Iterator[tuple[str, str]]:
    """Yield this year's percentages for the boxes of last year's form: as typed, or as this year's rules have them."""
    formula = now.formula
    if then is None or formula is None:
        return
    own = {line.name: line.percent for line in formula.lines}
    for one in then.percentages.asked:
        name = one.field.name
        typed = now.answers.entries.get(name)
        # What rules do not count as notional SEN is none of it.
        shares = {own.get(line) or 0 for line in one.lines}
        if typed is not None:
            yield name, typed
        elif any(each.field.name == name for each in now.percentages.asked):
            if now.answers.percentages_none:
                yield name, "0"
        elif len(shares) == 1:
            yield name, number(shares.pop(), PERCENT_TO_MILLIONTHS)
        elif name in {LEVEL, GUARANTEE}:
            share = formula.minimum_percent if name == LEVEL else formula.protection_percent
            yield name, "0" if share is None else str(share.value)


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
    pence = pence_in(answer) if field.asks is Asks.pounds else None
    figure = answer if pence is None else money(pence).removesuffix(".00")
    figure = f"{figure.removesuffix('%')}%" if field.asks is Asks.percent else figure
    return replace(field, hints=(*field.hints, f"This year: {figure}."))
