"""What is added to or taken from a school's lines, as steps: fringe, minimum level, guarantee, cap and scaling.

Unrounded amounts are compared, and only what is adjusted is rounded. Source: Department for Education
statement arithmetic, cases W1 and W7 (see docs).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.money import MILLION, PENCE
from engine.rules.line_steps import FORMULA, PUPILS, YEARS
from engine.rules.unprinted import stand_in
from engine.steps import (
    DocumentValue,
    Earlier,
    Op,
    Own,
    Plain,
    Step,
    Steps,
    Unit,
    are_printed,
    printed,
    result,
    start,
)

MONEY = PENCE * MILLION
"""Parts of a pound in which amounts that are not rounded are held."""

NOTHING = Plain("0.00", Unit.pounds)
RAISED, ABOVE_ONE = "raised", "london_fringe"
BASE, BUDGET, PRIOR, PRIOR_PUPILS, CURRENT, HEADROOM = (
    "minimum_base", "prior_budget", "prior", "prior_pupils", "current", "headroom",
)  # fmt: skip
UPLIFT = "Uplift (none if the level is already reached)"
ADJUSTMENT = "Adjustment"


def fringe_steps(of: str, label: str) -> Steps:
    """Return the steps of what a London fringe multiplier adds to what it raises."""
    above = Own(ABOVE_ONE, MILLION, Unit.multiplier, f"{FORMULA}.fringe")
    return (
        start(of, Own(RAISED, PENCE, Unit.pounds)),
        Step(Op.times, "Multiplier, what is above 1", above),
        result(label),
    )


def without_pupils(label: str) -> Steps:
    """Return the steps of an adjustment of a school that has no pupils: nothing for each of none."""
    return (start("Pupils", Own(PUPILS, MILLION, Unit.pupils)), result(label))


class Level(NamedTuple):
    """The minimum level of a key stage, and how many year groups of a school are of it."""

    words: str
    value: DocumentValue
    years: int


def minimum_steps(levels: Sequence[Level], part: Steps = ()) -> Steps:
    """Return the steps of the uplift to the minimum per-pupil level; ``part`` are those to a part of a year.

    A school of several key stages has the level of each for as many of its year groups.
    """
    words = "Pupil-led funding, lump sum and sparsity (not rounded)"
    return (
        *_level(levels),
        Step(Op.times, "Pupils", Own(PUPILS, MILLION, Unit.pupils)),
        Step(Op.minus, words, Own(BASE, MONEY, Unit.pounds)),
        Step(Op.at_least, "None if the level is already reached", NOTHING),
        *part,
        result(UPLIFT),
    )


def _level(levels: Sequence[Level]) -> Iterator[Step]:
    """Yield the level a pupil: that of the only key stage, or of all by their year groups."""
    for at, one in enumerate(levels):
        yield start(f"Level of {one.words}", one.value)
        if len(levels) > 1:
            yield Step(Op.times, f"Year groups of {one.words}", Plain(str(one.years)))
            yield result(_together(one), None, f"level {at}")
    for at, one in enumerate(levels[:-1]):
        yield Step(Op.plus, _together(one), Earlier(f"level {at}"))
    if len(levels) > 1:
        yield Step(Op.per, "Year groups", Own(YEARS))


def _together(level: Level) -> str:
    return f"{level.years} year groups of {level.words}"


class Gains(NamedTuple):
    """The guarantee, the cap and the scaling that are in force; None where the rules have none."""

    guarantee: DocumentValue | None
    cap: DocumentValue | None
    scaling: DocumentValue | None

    @property
    def are_printed(self) -> bool:
        """Return whether the source of each of them gives a number."""
        return are_printed(*(one.dated for one in self if one is not None))

    def between(self) -> tuple["Gains", "Gains"]:
        """Return them with numbers in the place of those that are not printed: so that least is added, and most.

        A school for which both come to the same depends on none that is not printed.
        """
        least, most = (
            Gains(*(_in_place(one, end) for one, end in zip(self, ends, strict=True)))
            for ends in ((LOWEST, LOWEST, "100"), (HIGHEST, HIGHEST, "0"))
        )
        return least, most


LOWEST, HIGHEST = "-100000000000", "100000000000"
"""Percentages below and above every change of a budget."""


def _in_place(value: DocumentValue | None, number: str) -> DocumentValue | None:
    if value is None or are_printed(value.dated):
        return value
    return stand_in(value, number)


NO_LAST_YEAR: Steps = (
    Step(Op.note, "New school, which had no last year to compare with", Plain("none")),
    result(ADJUSTMENT),
)
"""The steps of the protection of a school that had no last year: nothing."""


class Removed(NamedTuple):
    """An amount that is taken off last year's budget: what it is, and the school's own number that holds it."""

    label: str
    name: str


def protection_steps(
    gains: Gains, part: Steps = (), removed: Sequence[Removed] = (), *, is_above: bool = True
) -> Steps:
    """Return the steps of what the guarantee adds, or what cap and scaling take back.

    A cap never takes a school below the minimum per-pupil level: the headroom above it. ``part`` are the steps to
    a part of a year, and ``removed`` are printed where they are named. ``is_above`` is False for a school from
    which a cap that is not printed takes nothing back, as nothing lies above its minimum level.
    """
    steps = [
        *_comparable(removed),
        Step(Op.per, "Last year's pupils", Own(PRIOR_PUPILS, MILLION, Unit.pupils)),
        result("Last year, a pupil", None, "last"),
        start("This year's budget share, comparable", Own(CURRENT, MONEY, Unit.pounds)),
        Step(Op.per, "Pupils", Own(PUPILS, MILLION, Unit.pupils)),
        result("This year, a pupil", None, "this"),
    ]
    if gains.guarantee is not None:
        steps += _up_to_the_guarantee(gains.guarantee)
    if gains.cap is not None:
        steps += _above_the_cap(gains.cap, gains.scaling) if is_above else _nothing_above()
        if is_above and _may_lie_below(gains.cap, gains.guarantee):
            steps += _guarantee_alone()
        before = Earlier("added") if gains.guarantee is not None else NOTHING
        steps.append(start("Added by the guarantee", before))
        steps.append(Step(Op.minus, "Taken back", Earlier("taken")))
    return (*steps, *part, result(ADJUSTMENT))


def without_steps(labels: Sequence[str]) -> Steps:
    """Return the notes of what last year's budget is taken to be given without, as no amount of it is given."""
    said = Plain("not in last year's budget share, as no amount of it is given")
    return tuple(Step(Op.note, f"{label}, last year", said) for label in labels)


def _comparable(removed: Sequence[Removed]) -> Iterator[Step]:
    """Yield the steps to last year's budget share without what is taken off it."""
    label = "Last year's budget share, comparable"
    if not removed:
        yield start(label, Own(PRIOR, MONEY, Unit.pounds))
        return
    yield start("Last year's budget share", Own(BUDGET, PENCE, Unit.pounds))
    for one in removed:
        yield Step(Op.minus, one.label, Own(one.name, MONEY, Unit.pounds))
    yield result(label, None, PRIOR)


def _up_to_the_guarantee(guarantee: DocumentValue) -> Iterator[Step]:
    yield start("Last year, a pupil", Earlier("last"))
    yield Step(Op.add_percent, "Minimum funding guarantee", guarantee)
    yield Step(Op.minus, "This year, a pupil", Earlier("this"))
    yield Step(Op.at_least, "None where more is funded", NOTHING)
    yield Step(Op.times, "Pupils", Own(PUPILS, MILLION, Unit.pupils))
    yield result("Added by the guarantee", None, "added")


def _above_the_cap(cap: DocumentValue, scaling: DocumentValue | None) -> Iterator[Step]:
    yield start("Last year, a pupil", Earlier("last"))
    yield Step(Op.add_percent, "Cap", cap)
    yield result("Most that is kept whole, a pupil", None, "most")
    yield start("This year, a pupil", Earlier("this"))
    yield Step(Op.minus, "Most that is kept whole, a pupil", Earlier("most"))
    yield Step(Op.at_least, "None below the cap", NOTHING)
    if scaling is not None:
        yield Step(Op.percent_of, "Scaling", scaling)
    yield Step(Op.times, "Pupils", Own(PUPILS, MILLION, Unit.pupils))
    least = Own(HEADROOM, MONEY, Unit.pounds)
    yield Step(Op.at_most, "No more than lies above the minimum per-pupil level", least)
    yield result("Taken back", None, "taken")


def _nothing_above() -> Iterator[Step]:
    yield start("Taken back, as nothing lies above the minimum per-pupil level", NOTHING)
    yield result("Taken back", None, "taken")


def _may_lie_below(cap: DocumentValue, guarantee: DocumentValue | None) -> bool:
    """Return whether a cap is below the guarantee, or may be as one of them is not printed."""
    if guarantee is None:
        return False
    most, least = printed(cap), printed(guarantee)
    return most is None or least is None or most < least


def _guarantee_alone() -> Iterator[Step]:
    """Yield that what the guarantee adds is not taken back, where the cap is below it."""
    yield start("Added by the guarantee", Earlier("added"))
    yield Step(Op.one_to, "Taken back only up to", NOTHING)
    yield result("Share taken back, where nothing is added", None, "free", Unit.share)
    yield start("Taken back", Earlier("taken"))
    yield Step(Op.times, "Share taken back", Earlier("free", Unit.share))
    yield result("Taken back", None, "taken")
