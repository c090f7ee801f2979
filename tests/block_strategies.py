"""An authority's rules drawn at random: places, the high needs block and targeted funding."""

from datetime import date
from decimal import Decimal
from itertools import accumulate

from hypothesis import strategies as st

from tests.builders import rule_set

DAYS = st.sampled_from([date(2025, 4, 1), date(2025, 10, 1)])


FORMS = ("stands", "changes", "begins")
SELDOM_BEGINS = ("stands", "stands", "stands", "changes", "changes", "begins")
"""For rules of several values, most of which would otherwise have one that has not begun."""


@st.composite
def dated(draw, value, forms=FORMS):
    """Draw a value that holds all year, changes in autumn, or begins only then."""
    form = draw(st.sampled_from(forms))
    if form == "stands":
        return draw(value)
    begins = {"changes": ("2025-04-01", "2025-09-01"), "begins": ("2025-09-01",)}[form]
    return [{"from": day, "value": draw(value)} for day in begins]


def decimals(lowest, highest, places: int):
    """Draw a decimal number in text."""
    return st.decimals(lowest, highest, places=places).map(lambda one: format(one, "f"))


UNPRINTED = st.just("not printed")


def seldom_unprinted(value, unprinted):
    """Draw a value, or where some are ``unprinted`` sometimes that its source does not print it."""
    return st.one_of(value, value, value, UNPRINTED) if unprinted else value


@st.composite
def place_kinds(draw, *, unprinted: bool = False) -> dict:
    """Draw a kind of place: a rate a year by its periods, or a sum of money for each period."""
    cuts = sorted(draw(st.sets(st.integers(1, 11), max_size=3)))
    months = [stop - start for start, stop in zip([0, *cuts], [*cuts, 12], strict=True)]
    periods = [{"name": f"Period {at}", "months": one} for at, one in enumerate(months)]
    kind = {"label": "Places", "periods": periods}
    if draw(st.sampled_from([True, False, False])):
        return {"label": "Sums", "periods": periods[: draw(st.integers(0, len(periods)))]}
    rate = st.sampled_from(["10000", "6000", "0", "0.01"]) | decimals(0, 20_000, 2)
    return kind | {"annual": draw(dated(seldom_unprinted(rate, unprinted)))}


def place_rules(*, unprinted: bool = False):
    """Draw rules for one kind of place."""
    return place_kinds(unprinted=unprinted).map(
        lambda kind: rule_set(places={"types": {"drawn": kind}}).places
    )


MULTIPLIERS = ("special_school_pupils", "net_pupils")


@st.composite
def block_documents(draw, *, unprinted: bool = False):
    """Draw a rule set with a block of a few terms, some of them multiplied, one of them perhaps worked out."""
    names = [f"term_{at}" for at in range(draw(st.integers(1, 6)))]
    terms = {name: {"label": "Term"} for name in names}
    for name in names:
        times = draw(st.sampled_from([None, None, *MULTIPLIERS]))
        terms[name] |= {"times": times} if times else {}
    block = {"terms": terms}
    if draw(st.sampled_from([True, True, False])):
        block["additional"] = draw(st.sampled_from(names))
        # The base may be a separate column, or one of the terms.
        block["additional_base"] = draw(st.sampled_from(["base", "base", *names]))
        rate = st.sampled_from(["0.0412457406", "0", "1"]) | decimals(0, 2, 10)
        block["additional_rate"] = draw(dated(seldom_unprinted(rate, unprinted)))
    return rule_set(high_needs_block=block)


PATTERNS = ("gap", "plans_above_means", "plans_above_rate", "tiers", "gap_then_pot")
PERCENT = decimals(0, 100, 4) | st.sampled_from(["0", "50", "80", "100"])
POTS = decimals(0, 2_000_000, 2) | st.sampled_from(["0", "0.01", "100", "50000", "100000000"])


@st.composite
def tiers(draw, *, unprinted: bool = False) -> list[dict]:
    """Draw rising shares of the budget, and a share that is paid from each on."""
    steps = draw(st.lists(st.decimals("0.0001", 90, places=4), min_size=1, max_size=4))
    start = draw(st.sampled_from([Decimal(0), Decimal(50)]))
    return [
        {
            "consumed_percent": draw(
                seldom_unprinted(st.just(format(start + one, "f")), unprinted)
            ),
            "paid_percent": draw(seldom_unprinted(PERCENT, unprinted)),
        }
        for one in accumulate(steps)
    ]


@st.composite
def targeted_documents(draw, patterns=PATTERNS, *, unprinted: bool = False):
    """Draw a rule set with targeted funding of any pattern, with or without a pot."""

    def held(value):
        return draw(dated(seldom_unprinted(value, unprinted), SELDOM_BEGINS))

    rule = {"label": "Extra", "pattern": draw(st.sampled_from(patterns))}
    threshold = st.sampled_from(["6000", "6000", "0", "0.07"]) | decimals(0, 9_000, 2)
    rule["threshold"] = held(threshold)
    if rule["pattern"] == "plans_above_rate":
        rule["plans_per_hundred"] = held(decimals(0, 9, 2))
    elif rule["pattern"] == "tiers":
        rule["tiers"] = draw(tiers(unprinted=unprinted))
    else:
        rule["means_percent"] = held(PERCENT)
    if rule["pattern"] == "gap_then_pot" or draw(st.booleans()):
        rule["pot"] = held(POTS)
    return rule_set(targeted_funding=rule)
