"""A pupil's top-up as steps: the price with what applies to it, the clauses, and the pupil's own numbers."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine.days import numbered_day
from engine.kernels.top_ups import UNKNOWN
from engine.modules.top_ups.outcome import PriceForm, TopUpOutcome
from engine.modules.top_ups.prices import MONEY, quantity_of
from engine.money import HUNDREDTHS, MILLION, PENCE
from engine.rules.clause_steps import HOURS, KEPT, TODAY, YEAR, Applying, clause_steps
from engine.steps import Of, Steps
from engine.vocabulary import Reason

TIME = frozenset({"start", "end", "parts_on_roll"})


def pupil_steps(outcome: TopUpOutcome, pupil: int) -> tuple[Steps, dict[str, Fraction | Of]]:
    """Return the steps from a pupil's price to the top-up for the year, and the numbers they take.

    ``pupil`` is the place of a priced row in the outcome's table, from 0.
    """
    form = _form(outcome, pupil)
    applying = _applying(outcome, pupil, form)
    steps = (*form.steps, *clause_steps(outcome.top_ups.clauses, applying))
    return steps, dict(_own(outcome, pupil, form))


def _form(outcome: TopUpOutcome, pupil: int) -> PriceForm:
    prices = outcome.decisions.priced
    return prices.forms[int(prices.alike[int(outcome.combination[pupil])])]


def _applying(outcome: TopUpOutcome, pupil: int, form: PriceForm) -> Applying:
    """Return which clauses a pupil's row comes under."""
    once = form.price is not None and form.price.once and bool(outcome.mass[pupil])
    return Applying(
        threshold=bool(outcome.decisions.threshold[int(outcome.combination[pupil])]),
        lifted=Reason(int(outcome.reason[pupil])) is Reason.protected,
        partly=not once and _kept(outcome, pupil) < outcome.top_ups.calendar.denominator,
        timed=bool(TIME & set(outcome.pupils.columns)),
        once=f"{form.price.place}.once" if form.price is not None and once else None,
        paid_from=_paid_from(outcome, pupil),
    )


def _paid_from(outcome: TopUpOutcome, pupil: int) -> str | None:
    """Return the day from which a late plan is paid, where that is before its start."""
    columns = outcome.pupils.columns
    if not outcome.top_ups.calendar.dated or "start" not in columns or _in_parts(outcome, pupil):
        return None
    began = int(outcome.began[pupil])
    return None if began == int(columns["start"][pupil]) else str(numbered_day(began))


def _in_parts(outcome: TopUpOutcome, pupil: int) -> bool:
    """Return whether a pupil's presence is given as a count of parts of the year."""
    columns = outcome.pupils.columns
    return "parts_on_roll" in columns and int(columns["parts_on_roll"][pupil]) >= 0


def _kept(outcome: TopUpOutcome, pupil: int) -> int:
    """Return the mass of the year that a pupil earns until protection ends."""
    top_ups, columns = outcome.top_ups, outcome.pupils.columns
    if _in_parts(outcome, pupil):
        return int(outcome.mass[pupil])
    last = top_ups.calendar.first + top_ups.protected_days - 1
    end = int(columns["end"][pupil]) if "end" in columns else UNKNOWN
    began = max(int(outcome.began[pupil]), top_ups.calendar.first)
    until = last if end < 0 else min(end, last)
    return int(top_ups.calendar.mass(np.asarray([began]), np.asarray([until]))[0])


def _own(outcome: TopUpOutcome, pupil: int, form: PriceForm) -> Iterator[tuple[str, Fraction | Of]]:
    """Yield a pupil's own numbers by name."""
    top_ups, columns, price = outcome.top_ups, outcome.pupils.columns, form.price
    if price is not None and price.quantity is not None:
        held = int(quantity_of(top_ups, outcome.pupils, price.quantity)[pupil])
        yield price.quantity, Fraction(held, PENCE if price.quantity in MONEY else MILLION)
    if price is not None and price.shared:
        yield "group_size", Fraction(int(columns["group_size"][pupil]))
    if top_ups.full_time:
        attended = min(int(columns["hours"][pupil]), top_ups.full_time)
        yield HOURS, Of(attended, top_ups.full_time, HUNDREDTHS)
    if top_ups.protected >= 0 and TODAY in columns:
        yield TODAY, Fraction(int(columns[TODAY][pupil]), PENCE)
    yield YEAR, _share(outcome, int(outcome.mass[pupil]))
    yield KEPT, _share(outcome, _kept(outcome, pupil))


def _share(outcome: TopUpOutcome, mass: int) -> Of:
    """Return a part of the year, as equal parts where it has them."""
    calendar = outcome.top_ups.calendar
    if not calendar.parts:
        return Of(mass, calendar.denominator)
    return Of(mass // (calendar.denominator // calendar.parts), calendar.parts)
