"""An authority's rules on places and the high needs block, as answers."""

from collections.abc import Iterator

from engine.lab.atlas.entries import (
    NOT_SAID,
    Answered,
    Asked,
    Cell,
    Entry,
    Part,
    Unit,
    held,
    money,
    words,
)
from engine.lab.atlas.words import spoken
from engine.rules.block import BlockTerm, HighNeedsBlock
from engine.rules.compile_block import CompiledBlock, CompiledPlaceType
from engine.rules.compiled import CompiledRules

AS_SUMS = Cell(None, "given as sums of money")
LATER = Cell(None, "not in force on this day")


def authority_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield the amounts paid for places of each kind, and the parts of the high needs block."""
    places, block = rules.places, rules.block
    for name, kind in ({} if places is None else places.types).items():
        for at, (measure, unit, cell) in enumerate(_place(kind)):
            entry = Entry(Part.places, name, "", measure, unit)
            yield Answered(entry, (name, at), kind.rule.label, cell)
    if block is not None:
        yield from _block(block)


def _place(kind: CompiledPlaceType) -> list[Asked]:
    annual = AS_SUMS if kind.rule.annual is None else money(kind.annual, LATER)
    periods = ", ".join(f"{one.name} {one.months}/12" for one in kind.rule.periods)
    return [
        ("rate a place a year", Unit.pounds, annual),
        ("places are counted for", Unit.text, words(periods)),
    ]


def _block(compiled: CompiledBlock) -> Iterator[Answered]:
    block = compiled.rule
    for at, (name, term) in enumerate(block.terms.items()):
        entry = Entry(Part.high_needs_block, name, "", "added to the block", Unit.text)
        yield Answered(entry, (0, at), term.label, Cell(_term(name, term, block)))
    entry = Entry(Part.high_needs_block, "additional", "", "rate of the base", Unit.number)
    cell = NOT_SAID if block.additional_rate is None else held(compiled.additional_rate, LATER)
    yield Answered(entry, (1, 0), "Additional allocation", cell)


def _term(name: str, term: BlockTerm, block: HighNeedsBlock) -> str:
    said = "an amount" if term.times is None else f"a unit value × {spoken(term.times)}"
    if name == block.additional and block.additional_base is not None:
        base = spoken(block.additional_base)
        return f"{said}; where it is not given, the rate × {base}, up to a whole pound"
    return said
