"""An authority's rules on places, the high needs block and schools with many plans, as answers."""

from collections.abc import Iterator

from engine.lab.atlas.entries import (
    NO_ANSWER,
    Answer,
    Cell,
    Measured,
    Part,
    Unit,
    answers,
    document_value,
    money,
    spaced,
    words,
)
from engine.rules.compiled import CompiledRules
from engine.rules.high_needs_block import BlockTerm, CompiledBlock, HighNeedsBlock
from engine.rules.places import CompiledPlaces, CompiledPlaceType
from engine.rules.targeted import PATTERN_WORDS, CompiledTargeted

AS_SUMS = Cell(None, "given as sums of money")
LATER = Cell(None, "not in force on this day")


def authority_answers(rules: CompiledRules) -> Iterator[Answer]:
    """Yield the amounts paid for places of each kind, and the parts of the high needs block."""
    places, block = rules.part(CompiledPlaces), rules.part(CompiledBlock)
    for name, kind in ({} if places is None else places.types).items():
        yield from answers(Part.places, name, kind.rule.label, _place(kind), rank=(name,))
    if block is not None:
        yield from _block(block)


def _place(kind: CompiledPlaceType) -> list[Measured]:
    annual = AS_SUMS if kind.rule.annual is None else money(kind.annual, LATER)
    periods = ", ".join(f"{one.name} {one.months}/12" for one in kind.rule.periods)
    return [
        ("rate a place a year", Unit.pounds, annual),
        ("places are counted for", Unit.text, words(periods)),
    ]


def _block(compiled: CompiledBlock) -> Iterator[Answer]:
    block = compiled.rule
    for at, (name, term) in enumerate(block.terms.items()):
        cells = [("added to the block", Unit.text, Cell(_term(name, term, block)))]
        yield from answers(Part.high_needs_block, name, term.label, cells, rank=(0, at))
    later = NO_ANSWER if block.additional_rate is None else LATER
    cells = [("rate of the base", Unit.number, document_value(compiled.additional_rate, later))]
    yield from answers(
        Part.high_needs_block, "additional", "Additional allocation", cells, rank=(1,)
    )


def _term(name: str, term: BlockTerm, block: HighNeedsBlock) -> str:
    said = "an amount" if term.times is None else f"a unit value × {spaced(term.times)}"
    if name == block.additional and block.additional_base is not None:
        base = spaced(block.additional_base)
        return f"{said}; where it is not given, the rate × {base}, up to a whole pound"
    return said


def targeted_answers(rules: CompiledRules) -> Iterator[Answer]:
    """Yield how targeted funding is worked out; its standing beside each value."""
    targeted = rules.part(CompiledTargeted)
    if targeted is None:
        return
    rule = targeted.rule
    means, rate = targeted.means_percent, targeted.plans_per_hundred
    cells: list[Measured] = [
        ("what it is called", Unit.text, Cell(rule.label)),
        ("what is due", Unit.text, Cell(PATTERN_WORDS[rule.pattern])),
        ("threshold: what the school meets of a plan", Unit.pounds, money(targeted.threshold)),
        ("notional SEN set against plans", Unit.percent, document_value(means)),
        ("plans for a hundred pupils not paid for", Unit.number, document_value(rate)),
        ("tiers", Unit.text, words("; ".join(one.words for one in rule.tiers))),
        ("pot: all there is", Unit.pounds, money(targeted.pot)),
    ]  # fmt: skip
    yield from answers(Part.targeted_funding, "targeted_funding", "Targeted funding", cells)
