"""Records of places, blocks and schools with many plans, drawn to fit the rules they are sent to."""

from hypothesis import strategies as st

from engine.columns import Kind
from engine.modules.high_needs_block.table import term_columns
from engine.modules.places.table import period_columns
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import Pattern
from tests.strategies import decimals

AUTHORITIES = ("202", "203", "330", "894", "929", "938")
KINDS = {
    "la": Kind.whole, "place_type": Kind.label,
    "urn": Kind.whole, "ehc_plans": Kind.whole, "sen_support_pupils": Kind.whole,
    "notional_sen": Kind.pounds, "expected_calls": Kind.pounds, "pupils": Kind.millionths,
}  # fmt: skip
"""What the columns of these tables hold; the others are numbers with decimals."""
GROUPS = ("special_academies", "maintained schools", "", None)


def text(highest: int, places: int):
    """Draw a number with decimals as text."""
    return decimals(highest, places).map(lambda one: format(one, "f"))


@st.composite
def place_records(draw, rules: CompiledRules) -> list[dict[str, object]]:
    """Draw places of kinds that the rules name, blank for the periods in which none are counted."""
    places = rules.document.places
    names = period_columns(places)
    whose = st.tuples(st.sampled_from(AUTHORITIES), st.sampled_from(sorted(places.types)))
    drawn = []
    for la, kind in draw(st.lists(whose, min_size=1, max_size=4, unique=True)):
        counted = max(len(places.types[kind].periods), 1)
        counts = {
            name: draw(text(900, 2)) if at < counted else draw(st.sampled_from(["", None, "x"]))
            for at, name in enumerate(names)
        }
        group = draw(st.sampled_from(GROUPS))
        drawn.append({"la": la, "institution_group": group, "place_type": kind, **counts})
    return drawn


@st.composite
def block_records(draw, rules: CompiledRules) -> list[dict[str, object]]:
    """Draw authorities with every term of the block; one that is worked out may be blank."""
    block = rules.document.high_needs_block
    names = term_columns(block)
    drawn = []
    for la in draw(st.lists(st.sampled_from(AUTHORITIES), min_size=1, max_size=3, unique=True)):
        record: dict[str, object] = {"la": la, **{name: draw(text(30_000, 6)) for name in names}}
        if block.additional and draw(st.booleans()):
            record[block.additional] = draw(st.sampled_from(["", None]))
        drawn.append(record)
    return drawn


@st.composite
def targeted_records(draw, rules: CompiledRules) -> list[dict[str, object]]:
    """Draw schools with what the pattern of the rules needs, anything else of which may be blank."""
    pattern = rules.document.targeted_funding.pattern
    by_rate, shared = pattern is Pattern.plans_above_rate, pattern is Pattern.gap_then_pot
    needed = {
        "ehc_plans": st.integers(0, 60),
        "pupils" if by_rate else "notional_sen": text(2_000 if by_rate else 400_000, 2),
    }
    needed |= {"expected_calls": text(400_000, 2)} if shared else {}
    further = {
        "school_name": st.just("A school"),
        "notional_sen": st.none() | text(400_000, 2),
        "pupils": st.none() | text(2_000, 2),
        "expected_calls": st.none() | text(400_000, 2),
        "sen_support_pupils": st.integers(1, 300) | st.integers(0, 300) | st.none(),
    }
    often = {"sen_support_pupils": st.sampled_from([True, True, True, False])}
    chosen = [
        name for name in further if name not in needed and draw(often.get(name, st.booleans()))
    ]
    columns = needed | {name: further[name] for name in chosen}
    rows = draw(st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4))
    urns = draw(st.permutations(range(900_001, 900_001 + len(rows))))
    return [{"urn": str(urn), **one} for urn, one in zip(urns, rows, strict=True)]
