"""What schools are paid under two rule sets: top-ups, what protects them, and both together."""

from collections.abc import Sequence

from app.calculations.compared import (
    AmountCompared,
    SchoolPaidCompared,
    SchoolsPaidCompared,
    SchoolsPaidGroup,
)
from engine.columns import Int
from engine.compare import Change, Group, SchoolChange
from engine.compare.outcomes import NOT_SUPPLIED
from engine.money import pounds
from engine.tables import NO_SCHOOL

AUTHORITIES = "la"


def schools_paid(placed: SchoolChange) -> SchoolsPaidCompared:
    """Return a comparison of schools as it is answered."""
    parts = (placed.top_ups, placed.protection, placed.paid)
    return SchoolsPaidCompared(
        total=_group([part.total for part in parts]),
        deciles=tuple(pounds(one) for one in placed.paid.deciles),
        authorities=tuple(
            _group(groups) for groups in zip(*(_authorities(part) for part in parts), strict=True)
        ),
        each=tuple(_school(placed, at) for at in range(len(placed.urn))),
    )


def _authorities(change: Change) -> tuple[Group, ...]:
    return next(one.groups for one in change.groupings if one.kind == AUTHORITIES)


def _group(groups: Sequence[Group]) -> SchoolsPaidGroup:
    """Return a group of schools by its parts; only both together say who gains and loses."""
    top_up, protection, paid = (_sums(group) for group in groups)
    both = groups[-1]
    return SchoolsPaidGroup(
        both.name, top_up, protection, paid,
        both.number, both.winners, both.losers, both.unchanged, both.absent,
    )  # fmt: skip


def _sums(group: Group) -> AmountCompared:
    if group.number == group.absent:
        return AmountCompared(None, None, None)
    return AmountCompared(pounds(group.before), pounds(group.after), pounds(group.change))


def _school(placed: SchoolChange, at: int) -> SchoolPaidCompared:
    urn = int(placed.urn[at])
    top_ups, protection = zip(placed.before_known, placed.after_known, strict=True)
    known_top_up = bool(top_ups[0][at]), bool(top_ups[1][at])
    known_protection = bool(protection[0][at]), bool(protection[1][at])
    known = known_top_up[0] and known_protection[0], known_top_up[1] and known_protection[1]
    return SchoolPaidCompared(
        NOT_SUPPLIED if urn == NO_SCHOOL else str(urn),
        _amount(placed.top_ups, at, known_top_up),
        _amount(placed.protection, at, known_protection),
        _amount(placed.paid, at, known),
    )


def _amount(change: Change, at: int, known: tuple[bool, bool]) -> AmountCompared:
    def said(pence: Int, *, is_known: bool) -> str | None:
        return pounds(int(pence[at])) if is_known else None

    return AmountCompared(
        said(change.before, is_known=known[0]),
        said(change.after, is_known=known[1]),
        said(change.difference, is_known=all(known)),
    )
