"""The page of what changed between two versions or years of rules."""

from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.access import Asker, AskerDep
from app.admission import CELL, place_for
from app.database import ReadSessionDep
from app.errors import AddressUnknown, InputRefused
from app.http.queries import refuse_names_twice
from app.pages import service
from app.pages.answers import KNOWN, VERSION, Mistake
from app.pages.endpoints import MOST_BYTES, UNUSABLE
from app.pages.forms import Form
from app.pages.last_year import saved_result
from app.pages.percentages import percentages_of
from app.pages.pins import Pin, pin_in
from app.pages.rendering import page
from app.pages.rule_changes import (
    AFTER,
    AT,
    BEFORE,
    NAMES,
    RESULT,
    RuleChanges,
    RuleChangesPage,
    for_figures,
    rule_changes,
    year_before,
)
from app.pages.rule_lists import Choice
from app.pages.words import whose_and_year
from app.rule_sets import service as rule_sets
from app.what_ifs.schemas import CLAUSES_SECONDS
from engine.errors import PairRefused
from engine.money import is_digits
from engine.rules import CompiledRules, RuleSet

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)
NO_RULES = "Choose rules that are in the list"
ITS_NAME = {RESULT: "The result"}


async def place_by_work(request: Request) -> AsyncIterator[None]:
    """Hold a place: changes in pounds take as long here as over the API, those in words are light."""
    work = CLAUSES_SECONDS if request.query_params.get(RESULT) else CELL
    async with place_for(request, work):
        yield


@router.get("/rule-changes", dependencies=[Depends(place_by_work, scope="function")])
def show_rule_changes(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Show what changed between two rule sets, for a school's figures too where a result is named."""
    entries = request.query_params.multi_items()
    refuse_names_twice(name for name, _ in entries)
    found = _page(asker, session, dict(entries))
    status = UNUSABLE if found.mistakes else 200
    return page(
        request, "rule_changes.html", status, found=found, names=NAMES, mistakes=found.mistakes,
        changes=found.found,
    )  # fmt: skip


def _page(asker: Asker, session: Session, sent: dict[str, str]) -> RuleChangesPage:
    every = [one.document for one in rule_sets.every_published(asker, session)]
    result = saved_result(asker, session, RESULT, sent.get(RESULT, "").strip(), ITS_NAME)
    form = result.form if result.mistake is None else None
    mistakes = [result.mistake] if RESULT in sent and result.mistake is not None else []
    chosen = {name: sent.get(name, "") for name in NAMES}
    if form is not None and form.answers.phase is not None:
        own = form.rules.document
        chosen[AFTER] = chosen[AFTER] or f"{own.identifier}{AT}{own.version}"
        every = service.school_rules(asker, session)
        every += [] if own.identifier in {one.identifier for one in every} else [own]
        if BEFORE not in sent:
            earlier = year_before(own, every)
            chosen[BEFORE] = "" if earlier is None else earlier.identifier
    shown = RuleChangesPage(_choices(every, chosen), chosen, result.address, form, tuple(mistakes))
    if mistakes or not {BEFORE, AFTER} & sent.keys():
        return shown
    sides = [_side(asker, session, chosen[name]) for name in NAMES]
    mistakes = [
        Mistake(NO_RULES, name) for name, one in zip(NAMES, sides, strict=True) if one is None
    ]
    before, after = sides
    if before is None or after is None:
        return RuleChangesPage(shown.choices, chosen, shown.result, form, tuple(mistakes))
    try:
        found = _found(asker, session, (before, after), form, mistakes)
    except PairRefused as refused:
        found, mistakes = None, [Mistake(str(one)) for one in refused.problems]
    return RuleChangesPage(shown.choices, chosen, shown.result, form, tuple(mistakes), found)


def _found(
    asker: Asker,
    session: Session,
    sides: tuple[RuleSet, RuleSet],
    form: Form | None,
    mistakes: list[Mistake],
) -> RuleChanges:
    """Return what differs; for a school's figures, with the percentages of its authority on both sides."""
    if form is None:
        return rule_changes(*sides)
    before, after = (_compiled(asker, session, one, form) for one in sides)
    return for_figures(before, after, form, mistakes)


def _compiled(asker: Asker, session: Session, document: RuleSet, form: Form) -> CompiledRules:
    name, version, phase = document.identifier, document.version, form.answers.phase
    pin = Pin(version)
    rules, formula = service.rules_with_formula(asker, session, name, pin)
    if phase is None:
        return rules
    pairs = percentages_of(formula, form.answers, phase).pairs
    return service.rules_with_formula(asker, session, name, pin, pairs)[0]


def _side(asker: Asker, session: Session, text: str) -> RuleSet | None:
    """Return the rules that an address names: of a version, as they were known on a day, or the latest; None for none."""
    name, _, chosen = text.partition(AT)
    try:
        pin = pin_in([(VERSION if is_digits(chosen) else KNOWN, chosen)]) if chosen else Pin()
        return rule_sets.published(asker, session, name, pin.version, known=pin.known).document
    except (AddressUnknown, InputRefused):
        return None


def _choices(every: Sequence[RuleSet], chosen: dict[str, str]) -> tuple[Choice, ...]:
    """Return the rules to choose from; a version that is chosen besides is one of them."""
    found = sorted(every, key=lambda one: (whose_and_year(one), one.identifier))
    choices = [Choice(one.identifier, one.title) for one in found]
    titles = {one.identifier: one.title for one in found}
    for text in dict.fromkeys(chosen.values()):
        name, _, version = text.partition(AT)
        if version and name in titles:
            is_day = not is_digits(version)
            words = f"as known on {version}" if is_day else f"version {version}"
            choices.append(Choice(text, f"{titles[name]}, {words}"))
    return tuple(choices)
