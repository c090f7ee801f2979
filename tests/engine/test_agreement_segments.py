"""A year whose values change: the kernel, the reference day by day, and the printed steps pay the same."""

from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.modules.top_ups.pupil_prices import WITHOUT_RATE
from engine.modules.top_ups.steps import pupil_steps
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.steps import work_known
from engine.vocabulary import Reason
from tests.builders import days_of, pupil, pupil_table, rule_set, year_labels
from tests.calendar_strategies import calendars
from tests.engine.test_steps_paid import BLANK, NONE_OF, OPEN
from tests.reference.top_ups import top_up_of_year
from tests.strategies import LABELS, VALUES, top_up_rules
from tests.tariff_strategies import modifiers, perhaps_printed, prices

DAYS = ("2025-06-01", "2025-09-01", "2025-10-02", "2026-02-15")
LONG_AGO = "2020-04-01"


def dated(values):
    """Draw one to three values, the first in force since long ago."""
    days = st.lists(st.sampled_from(DAYS), max_size=2, unique=True).map(sorted)
    return days.flatmap(
        lambda later: st.tuples(*[values] * (1 + len(later))).map(
            lambda drawn: [
                {"from": day, "value": value}
                for day, value in zip((LONG_AGO, *later), drawn, strict=True)
            ]
        )
    )


@st.composite
def changing_tariffs(draw, few):
    """Draw prices, an uprating and modifiers that change, or begin, within the year."""
    drawn = [{**one, "when": {}} for one in draw(st.lists(prices(), min_size=1, max_size=3))]
    for price in drawn:
        for name in {"pounds", "pounds_each"} & set(price):
            price[name] = draw(dated(few))
    more = [{**one, "when": draw(st.sampled_from([{}, {"setting": ["special"]}]))}
            for one in draw(st.lists(modifiers(), max_size=2))]  # fmt: skip
    for modifier in more:
        [name] = {"percent", "pounds"} & set(modifier)
        modifier[name] = {"from": draw(st.sampled_from([LONG_AGO, *DAYS])), "value": modifier[name]}
    tariff = {"prices": drawn, "modifiers": more}
    if any("units" in price for price in drawn):
        tariff["unit_value"] = draw(dated(few))
    if draw(st.booleans()):
        tariff["uprating_percent"] = draw(dated(st.decimals("-5", "12", places=2).map(str)))
        tariff["uprated_to_nearest"] = draw(st.sampled_from(["0.01", "1"]))
    return tariff


@st.composite
def changing_rule_sets(draw):
    """Draw rule sets whose prices, threshold, floor and cap change within the year, or are not printed in a part of it."""
    few = perhaps_printed(st.integers(0, 30_000).map(str))
    rule = draw(top_up_rules())
    rule["calendar"] = draw(calendars().filter(lambda one: "periods" in one))
    for name in {"floor", "cap"} & set(rule):
        rule[name] = draw(dated(few))
    if "threshold" in rule:
        settings = draw(st.sampled_from([[], [], ["special", "mainstream"]]))
        rule["threshold"] = {"pounds": draw(dated(few)), "inside": True, "settings": settings}
    left_out = draw(st.sampled_from([(), ("floor", "cap"), ("pays_when", "floor", "protection")]))
    rule = {name: one for name, one in rule.items() if name not in left_out}
    profile = {
        "bands": list(LABELS),
        "assignment": {"label_given": True},
        "tariff": draw(changing_tariffs(few)),
    }
    return rule_set(
        band_profile=profile,
        top_up_rule=rule,
        provenance={"from": LONG_AGO, "source": "example", "standing": "proposed"},
        **draw(days_of_rules(rule["calendar"])),
    )


@st.composite
def days_of_rules(draw, calendar):
    """Draw the days of rules: those of their calendar, or those from a day within it on, which may be all that it has."""
    days = days_of(calendar)
    first, last = date.fromisoformat(days["first"]), date.fromisoformat(days["last"])
    begins = draw(st.none() | st.dates(first, last))
    if begins is None:
        return {}
    is_by_days = all(one["presence"] == "calendar_days" for one in calendar["periods"])
    if len(calendar["periods"]) == 1 and is_by_days and draw(st.booleans()):
        calendar["periods"] = [{**calendar["periods"][0], "first": str(begins)}]
    return {"effective": days | {"first": str(begins)}, **year_labels(**days)}


@st.composite
def pupils_of(draw, parts):
    """Draw pupils of whom nearly everything is given, counted by parts only where all or none are."""
    values = {name: (st.none() | one if name in OPEN else one) for name, one in VALUES.items()}
    days = st.none() | st.dates(date(2025, 3, 1), date(2026, 9, 30))
    values |= {"la": st.just(201), "sen_provision": st.just("E"), "start": days, "end": days}
    values["top_up"] = st.decimals(30_000, 90_000, places=2) | VALUES["top_up"]
    if parts and draw(st.booleans()):
        values["parts_on_roll"] = st.none() | st.sampled_from([0, parts])
    values |= {name: st.just(Decimal(0)) for name in draw(st.sampled_from(NONE_OF))}
    gaps = draw(st.sampled_from([*BLANK, ("setting",), ("top_up",)]))
    values |= {name: st.none() | values[name] for name in gaps}
    drawn = draw(st.lists(st.fixed_dictionaries(values), min_size=1, max_size=6))
    return [pupil(**{**one, "pupil_key": f"pupil-{at}"}) for at, one in enumerate(drawn)]


def countable(top_ups):
    """Return the equal parts of the year that presence may be counted in; 0 where it may not."""
    ends_within = top_ups.protected_days < len(top_ups.calendar.cumulative) - 1
    return 0 if top_ups.protects_pupils and ends_within else top_ups.calendar.parts


def test_kernel_reference_and_printed_steps_pay_the_same_in_a_year_whose_values_change():
    seen = Counter()

    @settings(max_examples=300)
    @given(st.data(), changing_rule_sets())
    def check(data, document):
        try:
            rules = compile_rules(document)
            records = data.draw(pupils_of(countable(rules.top_ups)))
            table = pupil_table(records, LABELS)
            outcome = evaluate(rules, pupils=table).top_ups
        except (PairRefused, RuleRefused):
            return
        by_key = {one["pupil_key"]: one for one in records}
        for at, key in enumerate(table.keys):
            reason, amount = Reason(int(outcome.reason[at])), int(outcome.amount[at])
            expected = top_up_of_year(document, by_key[key])
            assert (amount, reason.name) == (expected.amount, expected.reason)
            seen[reason] += 1
            earlier = outcome.earlier.of(at)
            seen["earlier part"] += earlier is not None and earlier.part != 0
            if reason not in WITHOUT_RATE or reason is Reason.not_printed:
                steps, own = pupil_steps(outcome, at)
                assert work_known(steps, own) == (None if reason is Reason.not_printed else amount)
                seen["segments"] += any(step.label == "Values in force" for step in steps)

    check()
    decided = {one for one in Reason if one not in WITHOUT_RATE}
    unknown = (Reason.not_supplied, Reason.not_printed)
    parts = ("segments", "earlier part")
    assert min(seen[one] for one in (*decided, *parts, *unknown)) > 0, seen
