"""The forms of the pages under the rules that an address names, with all that was sent for them."""

from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from app.access import Asker
from app.pages import service
from app.pages.answers import AUTHORITY, PHASE, Answers, Mistake, answers_in, unasked
from app.pages.check_forms import check_form
from app.pages.forms import Form, budget_form
from app.pages.letter_figures import letter_of
from app.pages.percentages import percentages_of
from app.pages.pins import Entries, pin_in
from app.pages.start import PHASE_NAMES
from app.pages.trials import trials_in, without_trials
from app.pages.what_if import what_if
from engine.authority_codes import authority_codes
from engine.errors import OverrideRefused
from engine.modules import phases_counted
from engine.money import is_digits
from engine.reading import folded
from engine.rules import RuleSet
from engine.vocabulary import SchoolPhase


def budget_form_of(
    asker: Asker, session: Session, identifier: str, entries: Entries, *, sent: bool
) -> Form | None:
    """Return the form of a school's budget, None where no phase is sent that the rules fund."""
    pin = pin_in(entries)
    find = partial(service.rules_with_formula, asker, session, identifier, pin)
    published, formula = find()
    named = folded(dict(entries).get(PHASE, ""))
    if named not in PHASE_NAMES or SchoolPhase[named] not in phases_counted(formula):
        return None
    trials = trials_in(entries)
    answers = answers_in(without_trials(entries), SchoolPhase[named])
    answers, mistakes = _with_authority(answers, published.document)
    percentages = percentages_of(formula, answers, SchoolPhase[named])
    try:
        find(percentages.pairs)
    except OverrideRefused as refusal:
        mistakes += percentages.mistakes(refusal)
        percentages = replace(percentages, typed={})

    def form_under(pairs: service.Overrides) -> Form:
        tried = replace(answers, overrides=trials.overrides if pairs else ())
        places = {place for place, _ in pairs}
        typed = [(place, value) for place, value in percentages.pairs if place not in places]
        return budget_form(*find([*typed, *pairs]), tried, percentages, sent=sent)

    form = replace(what_if(trials, form_under), later=pin.later(asker, session, published))
    mistakes += letter_of(answers, form.formula)[1]
    return replace(form.with_mistakes(*form.mistakes, *mistakes), result=None) if mistakes else form


def check_form_of(
    asker: Asker, session: Session, identifier: str, entries: Entries, *, sent: bool
) -> Form | None:
    """Return the form of a budget that the school knows."""
    pin = pin_in(entries)
    find = partial(service.rules_with_check, asker, session, identifier, pin)
    trials, answers = trials_in(entries), answers_in(without_trials(entries))

    def form_under(pairs: service.Overrides) -> Form:
        tried = replace(answers, overrides=trials.overrides if pairs else ())
        return check_form(*find(pairs), tried, sent=sent)

    form = what_if(trials, form_under)
    return replace(form, later=pin.later(asker, session, form.rules))


def _with_authority(answers: Answers, document: RuleSet) -> tuple[Answers, list[Mistake]]:
    """Return answers with the authority of the school, which rules of an authority have themselves."""
    code = answers.authority
    if code is None:
        return answers, []
    alone = replace(answers, authority=None)
    if document.authority is not None:
        return alone, [] if document.authority.code == code else [unasked(AUTHORITY)]
    if not is_digits(code) or int(code) not in authority_codes():
        return alone, [Mistake("This link is out of date: it names no local authority of England")]
    return answers, []
