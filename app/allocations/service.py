"""An authority's what-ifs: published rules, values to try and records in; pence by the engine."""

from sqlalchemy.orm import Session

from app.access import Asker
from app.allocations.answers import (
    BlockAnswer,
    BlockPaid,
    CallsChecked,
    PlacesAnswer,
    PlacesPaid,
    SchoolPaid,
    TargetedAnswer,
    TermPaid,
)
from app.allocations.schemas import BlockWanted, PlacesWanted, TargetedWanted
from app.calculations.rules import ENGINE, rules_of, told
from engine.modules.allocation import Options
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK, BlockValued
from engine.modules.places import PLACES, PlacesValued
from engine.modules.targeted import TARGETED_FUNDING, SchoolTargeted
from engine.money import known_pounds, number, pence, pounds
from engine.reading import records
from engine.rules.block import HighNeedsBlock

FIRST_ROW = 1


def places(asker: Asker, session: Session, wanted: PlacesWanted) -> PlacesAnswer:
    """Work out the money for places."""
    rules = rules_of(asker, session, wanted)
    paid = PLACES.allocate(rules, records(wanted.places), first_row=FIRST_ROW)
    rows = tuple(map(_places, paid.valued))
    return PlacesAnswer(told(rules, wanted), ENGINE, pounds(paid.total), rows)


def _places(one: PlacesValued) -> PlacesPaid:
    return PlacesPaid(
        row=one.row,
        la=str(one.la),
        institution_group=one.group or None,
        place_type=one.amount.place_type,
        label=one.label,
        places=tuple(number(count) for count in one.counts),
        rates=tuple(pounds(rate) for rate in one.amount.rates),
        amount=pounds(one.pence),
    )


def high_needs_block(asker: Asker, session: Session, wanted: BlockWanted) -> BlockAnswer:
    """Add up authorities' high needs blocks."""
    rules = rules_of(asker, session, wanted)
    paid = HIGH_NEEDS_BLOCK.allocate(rules, records(wanted.authorities), first_row=FIRST_ROW)
    rows = tuple(_block(paid.part.rule, one) for one in paid.valued)
    return BlockAnswer(told(rules, wanted), ENGINE, pounds(paid.total), rows)


def _block(block: HighNeedsBlock, one: BlockValued) -> BlockPaid:
    additional = one.amount.additional
    return BlockPaid(
        row=one.row,
        la=str(one.la),
        terms=tuple(
            TermPaid(name, block.terms[name].label, pounds(one.amount.term(name)))
            for name in one.amount.terms
        ),
        additional=None if additional is None else pounds(additional),
        total=pounds(one.pence),
    )


def targeted_funding(asker: Asker, session: Session, wanted: TargetedWanted) -> TargetedAnswer:
    """Work out what schools with many plans are paid, and their budgets against their calls."""
    rules = rules_of(asker, session, wanted)
    cost = None if wanted.sen_support_cost is None else pence(wanted.sen_support_cost)
    paid = TARGETED_FUNDING.allocate(
        rules, records(wanted.schools), Options(cost), first_row=FIRST_ROW
    )
    rows = tuple(map(_school, paid.valued))
    return TargetedAnswer(told(rules, wanted), ENGINE, pounds(paid.total), rows)


def _school(one: SchoolTargeted) -> SchoolPaid:
    return SchoolPaid(
        row=one.row,
        urn=str(one.urn),
        school_name=one.name or None,
        due=pounds(one.paid.due),
        shared=pounds(one.paid.shared),
        amount=pounds(one.pence),
        expected_calls=_checked(one),
    )


def _checked(one: SchoolTargeted) -> CallsChecked | None:
    if one.calls is None:
        return None
    return CallsChecked(
        sen_support=known_pounds(one.calls.sen_support),
        plans=known_pounds(one.calls.plans),
        total=known_pounds(one.calls.total),
        left=known_pounds(one.left),
        left_after=known_pounds(one.left_after),
        not_known=tuple(one.calls.missing),
    )
