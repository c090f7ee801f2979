"""The clauses of a top-up rule as steps, from the annual rate to what is paid in the year."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.money import HUNDREDTHS, PENCE, PERCENT_TO_MILLIONTHS, decimal_of
from engine.rules.in_force import InForce
from engine.rules.top_up_rule import TopUpRule
from engine.steps import (
    PENNY,
    UNPRINTED,
    DocumentValue,
    Earlier,
    NotFoldable,
    Op,
    Own,
    Plain,
    Step,
    Steps,
    Unit,
    Value,
    printed,
    result,
    start,
    whole,
)

RULE = "top_up_rule"
HOURS, YEAR, KEPT, TODAY = "hours_share", "year_share", "protected_share", "top_up"
DUE, LIFT = "due", "lift"
SPELL, EARLIER, PAID_BEFORE = "spell", "earlier_spells", "paid_before"
NOTHING = Plain("0.00", Unit.pounds)
TOTAL = "Top-up for the year"
PAID_ONCE = Step(Op.times, "Paid with an earlier spell of the pupil", Plain("0"))
PAID_EARLIER = Step(
    Op.times,
    "Paid by the rules of the earlier part of the year, with the first day of the stay",
    Plain("0"),
)
"""Of a price that is paid once, with what protection adds to it: an earlier spell, or earlier rules, paid both."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a top-up rule that are in force.

    by_hours   whether hours of a full-time week count
    inside     whether prices include the first part, the threshold
    protected  the share of today's top-up that is protected
    weeks      after a request from which a late plan is paid, None where it is paid from its start
    part       what an equal part of the year is called; empty where it has no name
    """

    by_hours: bool
    threshold: DocumentValue | None
    inside: bool
    floor: DocumentValue | None
    cap: DocumentValue | None
    protected: DocumentValue | None
    weeks: int | None
    part: str

    @classmethod
    def of(cls, rule: TopUpRule, now: InForce, *, protects: bool) -> "Clauses":
        """Return the clauses in force; ``protects`` where some days of the year are protected."""
        threshold, protection, part_time = rule.threshold, rule.protection, rule.part_time
        share = protection.pupil_percent if protection is not None and protects else None
        first = None if threshold is None else threshold.pounds
        return cls(
            by_hours=part_time is not None and decimal_of(part_time.full_time_hours) > 0,
            threshold=now.value(first, f"{RULE}.threshold.pounds", Unit.pounds),
            inside=threshold is not None and threshold.inside,
            floor=now.perhaps(rule.floor, f"{RULE}.floor", Unit.pounds),
            cap=now.perhaps(rule.cap, f"{RULE}.cap", Unit.pounds),
            protected=now.perhaps(share, f"{RULE}.protection.pupil_percent", Unit.percent),
            weeks=None if rule.backdating is None else rule.backdating.weeks,
            part=rule.calendar.parts.part if rule.calendar.parts is not None else "",
        )


class Applying(NamedTuple):
    """Which clauses a pupil's row comes under.

    threshold  the school meets the first part
    floor      a floor that is not printed is worked with; without, the cap is reached whatever it is
    lifted     protection lifts the amount; ``partly`` where it does for a part of the year
    timed      the part of the year on roll is known from the row
    segment    number of the segment among several that are paid; None where the year is one
    once       the price's place where it is paid once and the pupil is on roll
    again      the step of one that was paid before, with an earlier spell of the pupil or by earlier rules
    unit       in which parts of the year are counted among several segments, such as days
    paid_from  the day from which a late plan is paid
    """

    threshold: bool = True
    floor: bool = True
    lifted: bool = True
    partly: bool = True
    timed: bool = True
    once: str | None = None
    again: Step | None = None
    paid_from: str | None = None
    segment: int | None = None
    unit: Unit = Unit.share

    @property
    def of_money(self) -> Unit:
        """Return the unit of money that is due for a part of the year, before all of them are divided by the year."""
        return Unit.pounds if self.segment is None else Unit.pound_parts


EVERY = Applying()
"""All clauses of a rule, as they are compiled."""


def clause_steps(clauses: Clauses, applying: Applying = EVERY) -> Steps:
    """Return the steps from an annual rate to the top-up for the year, to the penny."""
    year = tuple(_year(clauses, applying))
    if clauses.protected is None or not applying.lifted:
        return (*_limits(clauses, applying), *year, result(TOTAL))
    kept = Own(share_name(KEPT, applying.segment), 1, applying.unit, f"{RULE}.protection.until")
    added = applying.of_money
    return (
        *_limits(clauses, applying),
        result("Due a year, not rounded", None, DUE),
        start("Top-up today, a year", Own(TODAY, PENCE, Unit.pounds)),
        Step(Op.percent_of, "Protected share of it", clauses.protected),
        result("Protected, a year"),
        Step(Op.minus, "Due a year", Earlier(DUE)),
        Step(Op.at_least, "Nothing where more is due", NOTHING),
        *([Step(Op.times, "Part of the year that is protected", kept)] if applying.partly else ()),
        *([applying.again] if applying.again is not None else ()),
        result("Added by protection, not rounded", None, LIFT, added),
        start("Due a year", Earlier(DUE)),
        *year,
        Step(Op.plus, "Added by protection", Earlier(LIFT, added)),
        result(TOTAL),
    )


def share_name(name: str, segment: int | None) -> str:
    """Return the name of a share of the year: of all of it, or of one of several segments."""
    return name if segment is None else f"{name} {segment}"


class PaidSegment(NamedTuple):
    """A segment of the year for which a pupil is paid: its rate, and its clauses.

    keeps  some of its days on roll are protected
    """

    now: InForce
    rate: Steps
    clauses: Clauses
    applying: Applying
    keeps: bool


def year_steps(segments: Sequence[PaidSegment], whole: int, unit: Unit = Unit.parts) -> Steps:
    """Return the steps of a year of which some segments are paid: added exactly, divided and rounded once.

    ``whole`` is the share of the year of all its days, in the parts in which segments are counted; ``unit`` is what
    those parts are, such as days.
    """
    if len(segments) == 1:
        [one] = segments
        return (*one.rate, *clause_steps(one.clauses, one.applying))
    steps: list[Step] = []
    for at, one in enumerate(segments):
        applying = one.applying._replace(
            lifted=one.keeps, partly=True, timed=True, segment=at, unit=unit,
            paid_from=None if at else one.applying.paid_from,
        )  # fmt: skip
        steps.append(Step(Op.note, "Values in force", Plain(_days(one))))
        steps += [*one.rate, *clause_steps(one.clauses, applying)[:-1]]
        label = f"{_days(one)}, times its part of the year"
        steps.append(result(label, None, _days(one), Unit.pound_parts))
    for at, one in enumerate(segments):
        joined = Op.plus if at else Op.start
        label = f"{_days(one)}, times its part of the year"
        steps.append(Step(joined, label, Earlier(_days(one), Unit.pound_parts)))
    return (*steps, Step(Op.per, "The whole year", Plain(str(whole), unit)), result(TOTAL))


class Before(NamedTuple):
    """What a row is rounded after: earlier spells of the pupil, the days of the year before the rules, or both.

    What those days come to under these rules is no payment: the rules before them have paid them.
    """

    spells: bool
    part: bool

    @property
    def words(self) -> str:
        """Return what came before, in words.

        >>> Before(spells=True, part=False).words, Before(spells=True, part=True).words
        ('earlier spells', 'earlier days under these rules and earlier spells')
        """
        named = (("earlier days under these rules", self.part), ("earlier spells", self.spells))
        return " and ".join(words for words, holds in named if holds)


def running_steps(steps: Steps, before: Before) -> Steps:
    """Return the steps of a row that others of the same pupil, or a part of the year, come before: all are rounded together."""
    words, own = before.words, "This spell" if before.spells else "This part of the year"
    together = "All spells so far" if before.spells else "The year so far"
    return (
        *steps[:-1],
        result(f"{own}, not rounded", None, SPELL),
        start(f"{words.capitalize()}, not rounded", Own(EARLIER, PENCE, Unit.pounds)),
        Step(Op.plus, own, Earlier(SPELL)),
        result(f"{together}, to the penny"),
        Step(Op.minus, f"Top-up of the {words}", Own(PAID_BEFORE, PENCE, Unit.pounds)),
        result(TOTAL),
    )


def _days(segment: PaidSegment) -> str:
    return f"{segment.now.first.isoformat()} to {segment.now.last.isoformat()}"


def _limits(clauses: Clauses, applying: Applying) -> Iterator[Step]:
    """Yield the clauses that hold for a whole year: hours, the first part, floor and cap."""
    if clauses.by_hours:
        own = Own(HOURS, HUNDREDTHS, Unit.share, f"{RULE}.part_time")
        yield Step(Op.times, "Hours of a full-time week", own)
    if clauses.threshold is not None and not clauses.inside:
        words = "First part, paid by the school and not in the price"
        yield Step(Op.note, words, clauses.threshold)
    elif clauses.threshold is not None and applying.threshold:
        yield Step(Op.minus, "First part, paid by the school", clauses.threshold)
        yield Step(Op.at_least, "Nothing where the first part covers it", NOTHING)
    if clauses.floor is not None and not applying.floor and printed(clauses.floor) is None:
        yield Step(Op.note, "Floor, which changes nothing under the cap", clauses.floor)
    elif clauses.floor is not None:
        yield Step(Op.at_least, "Floor", clauses.floor)
    if clauses.cap is not None:
        yield Step(Op.at_most, "Cap", clauses.cap)


def _year(clauses: Clauses, applying: Applying) -> Iterator[Step]:
    """Yield from when a late plan is paid, and the part of the year on roll."""
    if applying.paid_from is not None:
        weeks = f"{clauses.weeks} week{'' if clauses.weeks == 1 else 's'}"
        day = Plain(applying.paid_from, Unit.text, f"{RULE}.backdating.weeks")
        yield Step(Op.note, f"Paid from {weeks} after the request", day)
    if not applying.timed:
        return
    label = f"Part of the year on roll{_parts(clauses.part)}"
    if applying.once is None:
        name = share_name(YEAR, applying.segment)
        yield Step(Op.times, label, Own(name, 1, applying.unit, f"{RULE}.calendar"))
    else:
        own = Own(YEAR, 1, Unit.share, applying.once)
        yield Step(Op.note, f"{label}; the price is paid once, in full", own)
    if applying.again is not None:
        yield applying.again


def _parts(part: str) -> str:
    """Return the words for a year counted in equal parts.

    >>> _parts("term"), _parts("four weeks"), _parts("")
    (', in terms', ', in periods of four weeks', '')
    """
    if not part:
        return ""
    return f", in periods of {part}" if part.endswith("s") else f", in {part}s"


NO_CLAUSE = -1
"""In the place of a clause that rules have not, or that is not in force."""


class Limits(NamedTuple):
    """What clauses fold to for kernels: pence, and the protected share in millionths.

    ``NO_CLAUSE`` where there is none, ``UNPRINTED`` where the value is not printed.
    """

    by_hours: bool = False
    threshold: int = 0
    floor: int = NO_CLAUSE
    cap: int = NO_CLAUSE
    protected: int = NO_CLAUSE


_VALUE, _NOTHING, _TO_THE_PENNY = "value", "nothing", "to the penny"
_LETTERS = {
    (Op.times, HOURS): "h",
    (Op.minus, _VALUE): "t",
    (Op.at_least, _NOTHING): "n",
    (Op.at_least, _VALUE): "f",
    (Op.at_most, _VALUE): "c",
    (Op.result, DUE): "d",
    (Op.start, TODAY): "s",
    (Op.percent_of, _VALUE): "p",
    (Op.result, _TO_THE_PENNY): "r",
    (Op.minus, DUE): "m",
    (Op.times, KEPT): "k",
    (Op.result, LIFT): "l",
    (Op.start, DUE): "a",
    (Op.times, YEAR): "y",
    (Op.plus, LIFT): "b",
}
_KERNEL = re.compile("h?(tn)?f?c?(dsprmnk?lay?b|y?)r")
"""The order in which ``fill_top_ups`` works, a letter a step."""


def fold_clauses(steps: Sequence[Step]) -> Limits:
    """Return the numbers of the clauses; raise ``NotFoldable`` for any order but that of the kernel."""
    arithmetic = [step for step in steps if step.op is not Op.note]
    letters = [_LETTERS.get((step.op, _kind(step)), " ") for step in arithmetic]
    if not _KERNEL.fullmatch("".join(letters)):
        message = f"clauses in an order in which the kernel does not work: {''.join(letters)}"
        raise NotFoldable(message)
    values = {letter: step.value for letter, step in zip(letters, arithmetic, strict=True)}
    return Limits(
        by_hours="h" in values,
        threshold=_folded(values.get("t"), 1, 0),
        floor=_folded(values.get("f"), 1, NO_CLAUSE),
        cap=_folded(values.get("c"), 1, NO_CLAUSE),
        protected=_folded(values.get("p"), PERCENT_TO_MILLIONTHS, NO_CLAUSE),
    )


def _kind(step: Step) -> str:
    """Return what a step works with, as the order of the kernel tells steps apart."""
    match step.value:
        case DocumentValue():
            return _VALUE
        case Own(name) | Earlier(name):
            return name
        case None:
            return step.name if step.nearest is None else _TO_THE_PENNY * (step.nearest == PENNY)
        case _:
            return _NOTHING if step.value == NOTHING else ""


def _folded(value: Value | None, scale: int, otherwise: int) -> int:
    if not isinstance(value, DocumentValue):
        return otherwise
    exact = printed(value)
    return UNPRINTED if exact is None else whole(exact * scale, value.path)
