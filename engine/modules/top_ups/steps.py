"""A pupil's top-up as steps: the price with what applies to it, the clauses, and the pupil's own numbers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.days import numbered_day
from engine.kernels.top_ups import annual_rate
from engine.modules.top_ups.amounts import penny_parts
from engine.modules.top_ups.earlier_due import Again, RowDue
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_prices import PriceForm
from engine.modules.top_ups.quantities import MONEY, quantity_of
from engine.modules.top_ups.year_share import SegmentShare, segment_shares
from engine.money import HUNDREDTHS, MILLION, PENCE, half_away
from engine.rules.calendar import Counting
from engine.rules.clause_steps import (
    EARLIER,
    HOURS,
    KEPT,
    NOTHING,
    PAID_BEFORE,
    PAID_EARLIER,
    PAID_ONCE,
    TODAY,
    YEAR,
    Applying,
    Before,
    PaidSegment,
    running_steps,
    share_name,
    year_steps,
)
from engine.rules.in_force import Fitting
from engine.steps import GROUP, UNPRINTED, Of, Step, Steps, Unit, start
from engine.vocabulary import NOT_KNOWN, Reason

NO_RATE: Steps = (start("Nothing, whatever the annual rate, which is not known", NOTHING),)
TIME = frozenset({"start", "end", "parts_on_roll"})


def pupil_steps(outcome: TopUpOutcome, pupil: int) -> tuple[Steps, dict[str, Fraction | Of | None]]:
    """Return the steps from a pupil's price to the top-up for the year, and the numbers they take.

    A number that is not known is None; where the rate therefore is not either, nothing is paid by it.

    ``pupil`` is the place of a priced row in the outcome's table, from 0. Only the segments of the
    year that are paid have steps; of what is paid once, the first.
    """
    top_ups, form = outcome.top_ups, _form(outcome, pupil)
    shares = segment_shares(top_ups, outcome.pupils, pupil)
    paid = [at for at, share in enumerate(shares) if share.part] or [len(shares) - 1]
    paid = paid[:1] if form.price is not None and form.price.once else paid
    applying = _applying(outcome, pupil, form, shares)
    own = dict(_own(outcome, pupil, form, shares))
    limits = _limits(outcome, pupil)
    segments = [
        PaidSegment(
            segment.now,
            form.steps(segment) if _rate_known(outcome, pupil, at) else NO_RATE,
            segment.clauses_of(limits),
            applying._replace(threshold=_has_threshold(outcome, pupil, at)),
            shares[at].kept > 0,
        )
        for at in paid
        for segment in top_ups.segments[at : at + 1]
    ]
    each = top_ups.calendar.common(one for at in paid for one in shares[at])
    for number, at in enumerate(paid):
        own[share_name(YEAR, number)] = Fraction(shares[at].part // each)
        own[share_name(KEPT, number)] = Fraction(shares[at].kept // each)
    steps = year_steps(segments, top_ups.calendar.denominator // each, _unit(outcome))
    earlier = outcome.earlier.of(pupil)
    if earlier is None:
        return steps, own
    parts = penny_parts(top_ups)
    own[EARLIER] = Fraction(earlier.before, parts * PENCE)
    own[PAID_BEFORE] = Fraction(half_away(earlier.before, parts), PENCE)
    before = Before(
        spells=earlier.before != earlier.part or earlier.again is Again.spell,
        part=earlier.part != 0 or earlier.again is Again.part,
    )
    return running_steps(steps, before), own


def _unit(outcome: TopUpOutcome) -> Unit:
    """Return what the equal parts of a calendar are, by which its year is counted; plain parts where they are uneven."""
    rule = outcome.rules.document.top_up_rule
    ways = set() if rule is None else {one.presence for one in rule.calendar.periods}
    if not outcome.top_ups.calendar.parts or len(ways) != 1:
        return Unit.parts
    units = {Counting.calendar_days: Unit.days, Counting.school_days: Unit.school_days}
    return units.get(ways.pop(), Unit.parts)


def _form(outcome: TopUpOutcome, pupil: int) -> PriceForm:
    decisions = outcome.decisions
    return decisions.forms[int(decisions.alike[int(outcome.combination[pupil])])]


def _limits(outcome: TopUpOutcome, pupil: int) -> Fitting:
    """Return the rows of first part, floor and cap that fit a pupil."""
    decisions = outcome.decisions
    return decisions.limits[int(decisions.limited[int(outcome.combination[pupil])])]


def _has_threshold(outcome: TopUpOutcome, pupil: int, segment: int) -> bool:
    """Return whether the school meets a first part; one that is not printed is met by no cost of 0."""
    first = int(outcome.decisions.rates.threshold[segment, int(outcome.combination[pupil])])
    return first > 0 or (first < 0 and outcome.reason[pupil] == Reason.not_printed)


def _rate_known(outcome: TopUpOutcome, pupil: int, segment: int) -> bool:
    """Return whether nothing is lacking of a pupil from which the annual rate in a segment of the year is worked out."""
    prices, rates = outcome.prices(), outcome.decisions.rates
    alike = int(outcome.combination[pupil])
    base, each, divisor = (
        int(one[segment, alike]) for one in (rates.base, rates.each, rates.divisor)
    )
    flags = int(rates.flags[alike])
    if not each:
        return True
    rate = annual_rate(pupil, base, each, divisor, flags, prices.quantity, prices.group)
    return rate not in {~Reason.not_supplied, ~Reason.no_value}


def _applying(
    outcome: TopUpOutcome, pupil: int, form: PriceForm, shares: Sequence[SegmentShare]
) -> Applying:
    """Return which clauses a pupil's row comes under."""
    once = form.price is not None and form.price.once and any(share.part for share in shares)
    reason, protected = Reason(int(outcome.reason[pupil])), outcome.top_ups.protected
    kept, earlier = sum(share.kept for share in shares), outcome.earlier.of(pupil)
    calendar = outcome.top_ups.calendar
    return Applying(
        floor=reason in NOT_KNOWN,
        lifted=reason is Reason.protected
        or (reason is Reason.not_printed and protected == UNPRINTED),
        partly=not once and kept < calendar.denominator,
        timed=bool(TIME & set(outcome.pupils.columns)) or calendar.share < calendar.denominator,
        again=_again(earlier) if once else None,
        once=f"{form.price.path}.once" if form.price is not None and once else None,
        paid_from=_paid_from(outcome, pupil),
    )


def _again(earlier: RowDue | None) -> Step | None:
    """Return the step of a price that is paid once and was paid before; None where it was not."""
    steps = {Again.no: None, Again.spell: PAID_ONCE, Again.part: PAID_EARLIER}
    return None if earlier is None else steps[earlier.again]


def _paid_from(outcome: TopUpOutcome, pupil: int) -> str | None:
    """Return the day from which a late plan is paid, where that is before its start."""
    columns = outcome.pupils.columns
    counted = "parts_on_roll" in columns and int(columns["parts_on_roll"][pupil]) >= 0
    if not outcome.top_ups.calendar.dated or "start" not in columns or counted:
        return None
    began = int(outcome.began[pupil])
    return None if began == int(columns["start"][pupil]) else str(numbered_day(began))


def _own(
    outcome: TopUpOutcome, pupil: int, form: PriceForm, shares: Sequence[SegmentShare]
) -> Iterator[tuple[str, Fraction | Of | None]]:
    """Yield a pupil's own numbers by name."""
    top_ups, columns, price = outcome.top_ups, outcome.pupils.columns, form.price
    if price is not None and price.quantity is not None:
        quantity = int(quantity_of(top_ups, outcome.pupils, price.quantity)[pupil])
        scale = PENCE if price.quantity in MONEY else MILLION
        yield price.quantity, None if quantity < 0 else Fraction(quantity, scale)
    if price is not None and price.shared:
        group = int(columns[GROUP][pupil])
        yield GROUP, None if group < 0 else Fraction(group)
    if top_ups.full_time:
        attended = min(int(columns["hours"][pupil]), top_ups.full_time)
        yield HOURS, None if attended < 0 else Of(attended, top_ups.full_time, HUNDREDTHS)
    if top_ups.protects_pupils and TODAY in columns:
        yield TODAY, Fraction(int(columns[TODAY][pupil]), PENCE)
    on_roll, kept = (sum(held) for held in zip(*shares, strict=True))
    for name, part in ((YEAR, on_roll), (KEPT, kept)):
        each = top_ups.calendar.common([part])
        yield name, Of(part // each, top_ups.calendar.denominator // each)
