"""The pages of bands: what a school's plans come to under an authority's bands, and under proposed ones beside them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.status import HTTP_303_SEE_OTHER

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.errors import AddressUnknown
from app.http.queries import refuse_names_twice
from app.pages.addresses import has_unasked, within_length
from app.pages.answers import KNOWN, VERSION
from app.pages.endpoints import MOST_BYTES, UNUSABLE, Sent, SentForm
from app.pages.finding import finding
from app.pages.pins import Pin, pin_in
from app.pages.plans import COMPARE, PlanForm, plan_form, price_list
from app.pages.pupil_top_up import pupil_top_up
from app.pages.rendering import page
from app.pages.rule_lists import Choice, groups
from app.pages.words import whose_and_year
from app.rule_sets import service as rule_sets
from app.rule_sets.later import LaterRules
from app.rule_sets.schemas import Kind
from app.schemas import RuleSetIdentifier
from engine.rules import CompiledRules, RuleSet

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)
NONE = Choice("", "Nothing else")


class NoBands(AddressUnknown):
    """The rule set has no bands."""

    kind = "no-bands"
    title = "These rules have no bands"
    detail = "This rule set has no bands with prices for pupils. Choose another from the list."


class BandRules(NamedTuple):
    """The rule sets with bands: those in the list of a school, and the proposed and invented ones apart."""

    published: Sequence[RuleSet]
    proposed: Sequence[RuleSet]
    own: Sequence[RuleSet] = ()
    """Those of the authority of a school that was found."""

    @property
    def newest(self) -> Sequence[RuleSet]:
        """Return the proposals of the newest year, which a school is rather to see than earlier examples."""
        year = max((one.funding_year for one in self.proposed), default="")
        return [one for one in self.proposed if one.funding_year == year]

    @property
    def examples(self) -> Sequence[RuleSet]:
        """Return the other proposed and invented ones."""
        return [one for one in self.proposed if one not in self.newest]


def _band_rules(asker: Asker, session: Session) -> BandRules:
    found = [one.document for one in rule_sets.every_published(asker, session, Kind.bands)]
    by_owner = [document for group in groups(found) for document in group.documents]
    proposed = [one for one in by_owner if one.standing.value == "proposed"]
    return BandRules([one for one in by_owner if one not in proposed], proposed)


def _compiled(asker: Asker, session: Session, identifier: str, pin: Pin = Pin()) -> CompiledRules:
    rules = rule_sets.rules_in_force(
        asker, session, identifier, version=pin.version, known=pin.known
    )
    if rules.top_ups is None:
        raise NoBands
    return rules


@router.get("/bands")
def show_bands(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Find the school in the register and list its authority's bands first; else list all rules that have bands."""
    entries = request.query_params.multi_items()
    refuse_names_twice(name for name, _ in entries)
    found = finding(asker, session, dict(entries), any_kind=True)
    rules = _band_rules(asker, session)
    if found.school is not None:
        code = str(found.school.authority)
        own = [one for one in rules.published if one.authority and one.authority.code == code]
        rules = rules._replace(
            own=own, published=[one for one in rules.published if one not in own]
        )
    return page(
        request, "bands.html", UNUSABLE if found.mistakes else 200, rules=rules, finding=found,
        mistakes=found.mistakes, query=urlencode(found.address_parts),
    )  # fmt: skip


@router.get("/bands/{identifier}")
def show_plans(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Ask for a school's plans, or show what those in the address come to."""
    entries = request.query_params.multi_items()
    return _plans_page(request, _question(asker, session, identifier, entries), asker, session)


class Pinned(NamedTuple):
    """How an address names the version of its rules, with what is used today in their place."""

    pin: tuple[str, str]
    known: date | None
    later: LaterRules | None
    query_today: str | None


def _pinned(
    asker: Asker, session: Session, rules: CompiledRules, pin: Pin, entries: Sent
) -> Pinned:
    later = pin.later(asker, session, rules)
    query = None
    if later is not None and later.number is not None:
        others = [one for one in entries if one[0] not in {VERSION, KNOWN}]
        query = urlencode([(VERSION, str(later.number)), *others])
    return Pinned(pin.of(rules.document.version), pin.known, later, query)


class _Question(NamedTuple):
    """The rules of an address and those beside them, with the form of the plans that were sent."""

    rules: CompiledRules
    other: CompiledRules | None
    form: PlanForm
    pinned: Pinned


def _question(asker: Asker, session: Session, identifier: str, entries: Sent) -> _Question:
    refuse_names_twice(name for name, _ in entries)
    sent = dict(entries)
    pin = pin_in(entries)
    rules = _compiled(asker, session, identifier, pin)
    compare = sent.get(COMPARE, "")
    other = None if compare in {"", identifier} else _compiled(asker, session, compare)
    pinned = _pinned(asker, session, rules, pin, entries)
    return _Question(rules, other, plan_form(rules, other, sent), pinned)


def _plans_page(request: Request, asked: _Question, asker: Asker, session: Session) -> Response:
    rules, other, form, pinned = asked
    document = rules.document
    every = _band_rules(asker, session)
    choices = [
        NONE,
        *(
            Choice(one.identifier, _named(one))
            for one in (*every.newest, *every.published, *every.examples)
            if one.identifier != document.identifier
        ),
    ]
    return page(
        request, "plans.html", UNUSABLE if form.mistakes else 200, form=form, rules=rules,
        document=document, other=other, choices=choices, mistakes=form.mistakes,
        result=form.result, prices=price_list(rules), pinned=pinned,
        reference=rules.digest,
    )  # fmt: skip


@router.post("/bands/{identifier}")
def send_plans(
    request: Request,
    identifier: RuleSetIdentifier,
    asker: AskerDep,
    session: ReadSessionDep,
    entries: SentForm,
) -> Response:
    """Lead to the address that holds the plans; answer here an answer to no question, or what fits in no address."""
    given = [(name, text.strip()) for name, text in entries if text.strip()]
    asked = _question(asker, session, identifier, given)
    address = within_length(f"/bands/{identifier}?{urlencode(given)}")
    if address is None or has_unasked(asked.form.mistakes):
        return _plans_page(request, asked, asker, session)
    return RedirectResponse(address, HTTP_303_SEE_OTHER)


@router.get("/bands/{identifier}/pupil")
def ask_of_pupil(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Ask about one pupil, without a key or a name."""
    entries = request.query_params.multi_items()
    pin = pin_in(entries)
    rules = _compiled(asker, session, identifier, pin)
    return _pupil_page(request, rules, {}, _pinned(asker, session, rules, pin, []))


@router.post("/bands/{identifier}/pupil")
def show_pupil(
    request: Request,
    identifier: RuleSetIdentifier,
    asker: AskerDep,
    session: ReadSessionDep,
    entries: SentForm,
) -> Response:
    """Show one pupil's top-up with its working; the answers are in no address."""
    pin = pin_in(entries)
    rules = _compiled(asker, session, identifier, pin)
    pinned = _pinned(asker, session, rules, pin, [])
    return _pupil_page(request, rules, dict(entries), pinned)


def _pupil_page(
    request: Request, rules: CompiledRules, sent: dict[str, str], pinned: Pinned
) -> Response:
    found = pupil_top_up(rules, sent)
    status = UNUSABLE if found.form.mistakes else 200
    return page(
        request, "pupil.html", status, form=found.form, document=rules.document,
        mistakes=found.form.mistakes, result=found.form.result, explanation=found.explanation,
        pinned=pinned, reference=rules.digest,
    )  # fmt: skip


def _named(document: RuleSet) -> str:
    proposed = " (proposed, invented)" if document.standing.value == "proposed" else ""
    return f"{document.title if proposed else whose_and_year(document)}{proposed}"
