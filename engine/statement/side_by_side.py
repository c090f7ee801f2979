"""Two whole answers side by side: each figure of both, and the exact difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.expected_calls import Pence
from engine.money import difference
from engine.statement.schools import SchoolStatement


@dataclass(frozen=True, slots=True)
class FigurePair:
    """A figure of two answers, pence; None is not known.

    ``in_first`` and ``in_second`` say which answer has it at all: what an answer has no line for brings nothing there.
    """

    name: str
    label: str
    first: Pence
    second: Pence
    in_first: bool = True
    in_second: bool = True

    @property
    def difference(self) -> Pence:
        """Return by how much the second is more, pence; None where one of them is not known."""
        return difference(self.second, self.first)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two answers: their totals, and the notional SEN of each line and adjustment that one of them has.

    Where every part is known, the differences of the parts add to that of the budgets, to the penny.
    """

    totals: tuple[FigurePair, ...]
    parts: tuple[FigurePair, ...]

    @property
    def budget(self) -> FigurePair:
        """Return the notional SEN budget of both."""
        return self.totals[0]


def side_by_side(first: SchoolStatement, second: SchoolStatement) -> SideBySide:
    """Return two answers beside each other, line by line in the order of the first."""
    return SideBySide(tuple(_totals(first, second)), tuple(_parts(first, second)))


def _totals(first: SchoolStatement, second: SchoolStatement) -> Iterator[FigurePair]:
    yield FigurePair("budget", "Notional SEN budget", first.budget, second.budget)
    formula = [None if one.not_known else one.formula for one in (first, second)]
    yield FigurePair("formula", "Formula funding", formula[0], formula[1])
    says = [one.calls.school.says_anything for one in (first, second)]
    if any(says):
        expected = [one.calls.expected for one in (first, second)]
        yield FigurePair("expected", "All expected costs", expected[0].total, expected[1].total)
        yield FigurePair("left", "Left of the budget", expected[0].left, expected[1].left)


def _parts(first: SchoolStatement, second: SchoolStatement) -> Iterator[FigurePair]:
    """Yield what each part brings of notional SEN; a part that one answer does not have brings nothing there."""
    held = [{one.name: one for one in answer.parts} for answer in (first, second)]
    for name in dict.fromkeys((*held[0], *held[1])):
        here, there = (of.get(name) for of in held)
        named = here or there
        if named is None:
            continue
        yield FigurePair(
            name, named.label, here.notional if here else 0, there.notional if there else 0,
            here is not None, there is not None,
        )  # fmt: skip
