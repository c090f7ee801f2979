"""High needs blocks by authority, worked out row by row and written as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from engine.block.asked import block_of, too_large
from engine.block.columns import LA, MOST_POUNDS, number
from engine.block.high_needs import BlockAmount, value_block
from engine.columns import Column
from engine.errors import PairRefused, Problem
from engine.export.rows import Rows, Shape
from engine.money import half_away
from engine.money import number as written
from engine.reading.listed import listed
from engine.rules.block import HighNeedsBlock
from engine.rules.compiled import CompiledRules


@dataclass(frozen=True, slots=True)
class BlockValued:
    """One authority's block."""

    row: int
    la: int
    amount: BlockAmount

    @property
    def pence(self) -> int:
        """Return what the block comes to."""
        return self.amount.total


def columns_of(block: HighNeedsBlock) -> tuple[str, ...]:
    """Return the columns that a table of the block's terms may hold."""
    multipliers = [term.times for term in block.terms.values() if term.times]
    base = [block.additional_base] if block.additional_base else []
    return tuple(dict.fromkeys([*block.terms, *multipliers, *base]))


def term_columns(block: HighNeedsBlock) -> list[Column]:
    """Return the columns of a table of the block's terms."""
    return [
        LA,
        *(number(name, "term", least=-MOST_POUNDS, required=False) for name in columns_of(block)),
    ]


def block_amounts(
    rules: CompiledRules, frame: pl.DataFrame, *, first_row: int = 2
) -> tuple[BlockValued, ...]:
    """Return each authority's block in the order given: amounts in pence, a row of the frame each.

    A term that the rules work out may be left out; every other is given, 0 where there is none.
    Raises ``TableRefused`` for cells that cannot be read, ``PairRefused`` for what the rules
    cannot work with, each with every problem by row (the first is ``first_row``).
    """
    compiled = block_of(rules)
    block = compiled.rule
    names = columns_of(block)
    free = {block.additional, block.additional_base}
    cells = listed(
        frame,
        term_columns(block),
        required=frozenset({LA.name, *names} - free),
        key=(LA.name,),
        first_row=first_row,
    )
    valued: list[BlockValued] = []
    problems: list[Problem] = []
    for at, row in enumerate(cells.rows):
        held = {name: cells.number(name, at) for name in names}
        given = {name: written(one) for name, one in held.items() if one is not None}
        try:
            amount = value_block(compiled, given)
        except PairRefused as refusal:
            problems += [replace(one, row=row) for one in refusal.problems]
            continue
        problems += [replace(one, row=row) for one in too_large(amount.total)]
        valued.append(BlockValued(row, cells.number(LA.name, at) or 0, amount))
    if problems:
        raise PairRefused(problems)
    return tuple(valued)


def block_rows(block: HighNeedsBlock, valued: Sequence[BlockValued]) -> Rows:
    """Return one row an authority: its terms to the penny, what was worked out, and the total."""
    shapes = {
        "la": Shape.whole,
        **dict.fromkeys(block.terms, Shape.pounds),
        **({} if block.additional is None else {"additional_worked_out": Shape.pounds}),
        "total": Shape.pounds,
    }
    records: list[dict[str, str | int | None]] = [
        {
            "la": one.la,
            **{
                name: half_away(*exact.as_integer_ratio())
                for name, exact in one.amount.terms.items()
            },
            **(
                {} if block.additional is None else {"additional_worked_out": one.amount.additional}
            ),
            "total": one.amount.total,
        }
        for one in sorted(valued, key=lambda one: one.la)
    ]
    return Rows.listed("high_needs_block", shapes, records)
