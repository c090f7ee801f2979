"""Steps folded to the whole numbers that kernels take, as far as they are known before any row is."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.money import MILLION, PENCE
from engine.steps.step import PENNY, DocumentValue, Earlier, Op, Own, Plain, Step, Steps, Unit
from engine.steps.work import join, known, printed, rounded
from engine.vocabulary import Reason

GROUP = "group_size"
"""The number of a row that a price may be divided by: the pupils who share the support."""


UNPRINTED = ~int(Reason.not_printed)
"""In the place of pence that a value which is not printed makes unknown; kernels read the reason back."""


NO_LIMIT = 2**62
"""In the place of the most that counts of a quantity, where all of it does."""


class NotFoldable(TypeError):
    """Steps for which kernels have no place: a fault of the form in the code, never of a document."""


class Folded(NamedTuple):
    """What a price comes to: pence a year, and pence for each ``divisor`` parts of a quantity.

    Either is ``UNPRINTED`` where it depends on a value that is not printed.

    quantity  the column that is multiplied by, or None; ``shared`` where a group shares it
    counts    the steps that say which part of the quantity counts
    """

    base: int = 0
    each: int = 0
    divisor: int = 1
    quantity: str | None = None
    shared: bool = False
    counts: Steps = ()


def whole(exact: Fraction | None, label: str) -> int:
    """Return a whole number, or raise ``NotFoldable``: a rounding that no step says is none.

    ``UNPRINTED`` for None, which is not known.
    """
    if exact is None:
        return UNPRINTED
    if exact.denominator != 1:
        message = f"{label!r} is not whole, and no result rounds it"
        raise NotFoldable(message)
    return exact.numerator


class _Price:
    """The state of a price that is being folded: numbers are None where they are not known.

    ``open`` while a quantity is: what is held is then not a number.
    """

    def __init__(self) -> None:
        self.held: Fraction | None = Fraction(0)
        self.open = False
        self.named: dict[str, Fraction | None] = {}
        self.own: Own | None = None
        self.counts: list[Step] = []
        self.counting = ""
        self.coefficient: Fraction | None = Fraction(0)
        self.multiple: Fraction | None = Fraction(1)
        self.shared = self.done = self.fresh = False
        self.base: Fraction | None = Fraction(0)

    def take(self, step: Step) -> None:
        """Take the next step."""
        value = step.value
        if step.op is Op.note:
            return
        if step.op is Op.whole_part or step.up:
            raise NotFoldable(step.label)
        if isinstance(value, Own):
            self._open(step, value)
        elif isinstance(value, Earlier) and value.name == self.counting:
            self._multiply(step)
        elif self.open:
            self._opened(step)
        elif value is None:
            self.held = None if self.held is None else rounded(self.held, step.nearest)
        else:
            number = self.named[value.name] if isinstance(value, Earlier) else printed(value)
            self.held = join(step.op, self.held, number)
        if step.name and not self.open:
            self.named[step.name] = self.held

    def _open(self, step: Step, own: Own) -> None:
        if own.name == GROUP and step.op is Op.per and self.open and not self.done:
            self.shared = True
            return
        if self.own is not None or step.op not in (Op.start, Op.times) or self.open:
            raise NotFoldable(step.label)
        self.own, self.fresh = own, step.op is Op.start
        one = Fraction(PENCE) if own.unit is Unit.pounds else Fraction(1)
        self.coefficient = one if self.fresh else self.held
        self.open = True

    def _multiply(self, step: Step) -> None:
        """Take the part of a quantity that counts, as an earlier step named it."""
        if step.op is not Op.times or self.open:
            raise NotFoldable(step.label)
        self.coefficient, self.open = self.held, True

    def _opened(self, step: Step) -> None:
        """Take a step after a quantity: multiples, the one rounding, and a sum that is added."""
        value = step.value
        if self.fresh and step.op in (Op.at_least, Op.at_most, Op.minus):
            self.counts.append(step)
            return
        if self.fresh and self.counts and step.op is Op.result and step.nearest is None:
            self.counting, self.held, self.open = step.name, Fraction(0), False
            return
        self.fresh = False
        match step.op, value:
            case ((Op.times | Op.per), DocumentValue() | Plain()) if not self.done:
                self.multiple = join(step.op, self.multiple, printed(value))
            case Op.add_percent, DocumentValue() | Plain() if not self.done:
                self.coefficient = join(step.op, self.coefficient, printed(value))
            case Op.result, None if step.nearest == PENNY:
                self.done = True
            case Op.plus, Earlier(name, _) if self.done:
                self.base = self.named[name]
            case _:
                raise NotFoldable(step.label)

    def folded(self) -> Folded:
        """Return what all steps came to."""
        if self.own is None:
            return Folded(base=whole(self.held, "the price"))
        if not self.done or (self.counts and not self.counting):
            raise NotFoldable(self.own.name)
        each, divisor = self._each(self.own.scale)
        return Folded(
            whole(self.base, "the sum"),
            each,
            divisor,
            self.own.name,
            self.shared,
            tuple(self.counts),
        )

    def _each(self, scale: int) -> tuple[int, int]:
        """Return pence for each so many parts of a quantity of which ``scale`` are one."""
        if self.coefficient is None or self.multiple is None:
            nothing = Fraction(0) in (self.coefficient, self.multiple)
            return (0 if nothing else UNPRINTED), 1
        each = self.coefficient * MILLION / scale
        return (
            each.numerator * self.multiple.numerator,
            each.denominator * self.multiple.denominator,
        )


def fold(steps: Sequence[Step]) -> Folded:
    """Return what a price comes to: everything is worked exactly but one quantity and its sharing.

    Raises ``NotFoldable`` for what kernels do not work in: a second quantity, another order, or a
    number that is not whole and that no step rounds.
    """
    price = _Price()
    for step in steps:
        price.take(step)
    return price.folded()


class CountedPart(NamedTuple):
    """Which part of a quantity counts, in pence or millionths: fewer than ``least`` as so many, no more than ``most``, less ``above``."""

    least: int = 0
    most: int = NO_LIMIT
    above: int = 0


def counted_part(counts: Sequence[Step]) -> CountedPart:
    """Return what the steps that say which part of a quantity counts come to, for any quantity.

    Limits and what is left out may come in any order. Raises ``NotFoldable`` for another operation, a
    number of the row, and steps that may leave less than nothing.
    """
    least, most, above = CountedPart()
    for step in counts:
        if not isinstance(step.value, DocumentValue | Plain):
            raise NotFoldable(step.label)
        parts = 1 if step.value.unit is Unit.pounds else MILLION
        bound = whole(known(step.value) * parts, step.label)
        # A limit on what is left after ``above`` is one of the whole quantity, so much higher.
        match step.op:
            case Op.at_most:
                least, most = min(least, above + bound), min(most, above + bound)
            case Op.at_least:
                least, most = max(least, above + bound), max(most, above + bound)
            case Op.minus:
                above += bound
            case _:
                raise NotFoldable(step.label)
    if least < above:
        raise NotFoldable(counts[-1].label)
    return CountedPart(least, most, above)
