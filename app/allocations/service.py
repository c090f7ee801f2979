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
from engine.block import (
    BlockValued,
    PlacesValued,
    SchoolTargeted,
    block_amounts,
    place_amounts,
    targeted_amounts,
    total_of,
)
from engine.block.asked import block_of
from engine.money import known_pounds, number, pence, pounds
from engine.reading import records
from engine.rules.block import HighNeedsBlock

FIRST_ROW = 1


def places(asker: Asker, session: Session, wanted: PlacesWanted) -> PlacesAnswer:
    """Work out the money for places."""
    rules = rules_of(asker, session, wanted)
    valued = place_amounts(rules, records(wanted.places), first_row=FIRST_ROW)
    total = pounds(total_of(valued))
    return PlacesAnswer(told(rules, wanted), ENGINE, total, tuple(map(_places, valued)))


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
    block = block_of(rules).rule
    valued = block_amounts(rules, records(wanted.authorities), first_row=FIRST_ROW)
    total = pounds(total_of(valued))
    paid = tuple(_block(block, one) for one in valued)
    return BlockAnswer(told(rules, wanted), ENGINE, total, paid)


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
    valued = targeted_amounts(
        rules, records(wanted.schools), sen_support_cost=cost, first_row=FIRST_ROW
    )
    total = pounds(total_of(valued))
    return TargetedAnswer(told(rules, wanted), ENGINE, total, tuple(map(_school, valued)))


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
