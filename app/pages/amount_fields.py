"""Questions for amounts in pounds where a count is usual: a statement may print the pounds of a line alone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.pages.fields import Asks, Field, Part
from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.letters import LineName, StatementLabels
from engine.rules import CompiledFormula
from engine.vocabulary import SchoolPhase

IN_PLACE = "In place of a count. Empty this box to be asked for the count again."
IN_PLACE_OF_LINES = "For all of these lines together, in place of a count of each."


@dataclass(frozen=True, slots=True)
class AmountField:
    """A question for an amount, and the lines of which it takes the place."""

    field: Field
    lines: tuple[str, ...]


def with_amounts(
    fields: Sequence[Field], formula: CompiledFormula, phase: SchoolPhase, answers: Collection[str]
) -> tuple[Field, ...]:
    """Return questions with those for amounts that answers have: each in the place of the counts that it replaces.

    A count that has an answer too is still asked for, so that either can be emptied.
    """
    asked = {one.name for one in fields}
    found = [one for one in _amount_fields(formula, phase, answers) if one.field.name not in asked]
    replaced = {
        f"{UNITS_PREFIX}{line}": one.field for one in found for line in one.lines
    }  # fmt: skip
    places: list[Field] = []
    for one in fields:
        amount = replaced.get(one.name)
        if amount is not None and amount not in places:
            places.append(amount)
        if amount is None or one.name in answers:
            places.append(one)
    others = (one.field for one in found if one.field not in places)
    return (*places, *others)


def _amount_fields(
    formula: CompiledFormula, phase: SchoolPhase, answers: Collection[str]
) -> Iterator[AmountField]:
    names = [one.removeprefix(AMOUNT_PREFIX) for one in answers if one.startswith(AMOUNT_PREFIX)]
    if not names:
        return
    labels = StatementLabels(formula, phase)
    for name in names:
        line = labels.by_name(name)
        if line is not None and line.members:
            yield AmountField(_field(line), tuple(one.name for one in line.members))


def _field(line: LineName) -> Field:
    alone = line.line is not None
    label = line.label if alone else f"{line.label}, all together"
    hint = IN_PLACE if alone else IN_PLACE_OF_LINES
    return Field(f"{AMOUNT_PREFIX}{line.name}", label, Asks.pounds, Part.amounts, (hint,))
