"""High needs blocks by authority: the columns of a table, each row valued, and the rows of a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.columns import Column
from engine.modules.allocation import WHY, Allocation, AllocationModule, Record, why_column
from engine.modules.high_needs_block.valuation import BlockAmount, value_block
from engine.modules.module import Options
from engine.modules.table_columns import LA, MOST_POUNDS, number
from engine.money import MILLION
from engine.reading.short_table import ShortTable
from engine.rows import Shape
from engine.rules.compiled import CompiledRules
from engine.rules.high_needs_block import BlockTerm, CompiledBlock, HighNeedsBlock
from engine.rules.measures import (
    LATER,
    NO_ANSWER,
    Cell,
    Measured,
    Topic,
    Unit,
    document_value,
)
from engine.steps import PartlyKnown, Steps, words_of
from engine.vocabulary import Missing

BLANK_TERM = "refused, unless it is multiplied by 0; write 0 for none. A term that the rules work out may be blank"
ADDITIONAL = "additional_worked_out"


@dataclass(frozen=True, slots=True)
class BlockValued:
    """One authority's block."""

    row: int
    la: int
    amount: BlockAmount

    @property
    def pence(self) -> int:
        """Return what the block comes to, 0 where it is not known."""
        return self.amount.total or 0

    @property
    def missing(self) -> Missing | None:
        """Return why what it comes to is not known, None where it is."""
        return Missing.not_printed if self.amount.total is None else None


def term_columns(block: HighNeedsBlock) -> tuple[str, ...]:
    """Return the names of the block's terms, and of what they are multiplied by."""
    multipliers = [term.times for term in block.terms.values() if term.times]
    base = [block.additional_base] if block.additional_base else []
    return tuple(dict.fromkeys([*block.terms, *multipliers, *base]))


class HighNeedsBlockModule(AllocationModule[CompiledBlock, BlockValued]):
    """High needs blocks, from their terms."""

    name = "high_needs_block"
    compiled = CompiledBlock
    label = "high needs block"
    table = "block"
    title = "Terms of the high needs block"
    about = "One row for each authority; `evenband block` reads it."
    numbers = "pounds, or pupils where another term multiplies it"
    key = (LA.name,)
    money = ("total",)

    def columns(self, part: CompiledBlock) -> Sequence[Column]:
        """Return the columns of a table of the block's terms."""
        return [
            LA,
            *(
                number(name, "term", BLANK_TERM, least=-MOST_POUNDS, required=False)
                for name in term_columns(part.rule)
            ),
        ]

    def may_lack(self, part: CompiledBlock) -> frozenset[str]:
        """Return the term that the rules work out, and what it is worked out from."""
        return frozenset({part.rule.additional or "", part.rule.additional_base or ""})

    def topics(self, part: CompiledBlock) -> Iterator[Topic]:
        """Yield each term of the block, and the rate of its additional allocation."""
        block = part.rule
        for at, (name, term) in enumerate(block.terms.items()):
            added: Measured = ("added to the block", Unit.text, Cell(_term(name, term, block)))
            yield Topic(name, term.label, [added], (0, at))
        later = NO_ANSWER if block.additional_rate is None else LATER
        rate = document_value(part.additional_rate, later)
        measures: list[Measured] = [("rate of the base", Unit.number, rate)]
        yield Topic("additional", "Additional allocation", measures, (1,))

    def values(
        self,
        rules: CompiledRules,
        cells: ShortTable,
        options: Options,  # noqa: ARG002 - none is for these
    ) -> Callable[[int], BlockValued]:
        """Return how an authority's block is valued."""
        part = self.required(rules)
        names = term_columns(part.rule)

        def value(at: int) -> BlockValued:
            terms = {name: cells.number(name, at) for name in names}
            known = {name: Fraction(one, MILLION) for name, one in terms.items() if one is not None}
            la = cells.number(LA.name, at) or 0
            return BlockValued(cells.rows[at], la, value_block(part, known))

        return value

    def steps(self, one: BlockValued) -> tuple[Steps, PartlyKnown]:
        """Return the steps to the amount."""
        return one.amount.steps, one.amount.own

    def shapes(self, outcome: Allocation[CompiledBlock, BlockValued]) -> dict[str, Shape]:
        """Return the columns of rows: each term, what was worked out, and the total."""
        block = outcome.part.rule
        worked_out = {} if block.additional is None else {ADDITIONAL: Shape.pounds}
        terms = dict.fromkeys(block.terms, Shape.pounds)
        total = {"total": Shape.pounds, **why_column(outcome.valued)}
        return {LA.name: Shape.whole, **terms, **worked_out, **total}

    def record(self, one: BlockValued) -> Record:
        """Return an authority's terms to the penny, what was worked out, and the total."""
        terms = {name: one.amount.term(name) for name in one.amount.terms}
        amount = one.amount
        known: Record = {
            ADDITIONAL: amount.additional,
            "total": amount.total,
            WHY: one.missing and str(one.missing),
        }
        return {LA.name: one.la, **terms, **known}


def _term(name: str, term: BlockTerm, block: HighNeedsBlock) -> str:
    said = "an amount" if term.times is None else f"a unit value × {words_of(term.times)}"
    if name == block.additional and block.additional_base is not None:
        base = words_of(block.additional_base)
        return f"{said}; where it is not given, the rate × {base}, up to a whole pound"
    return said
