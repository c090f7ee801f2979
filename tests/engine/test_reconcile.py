"""Parts add to their totals, always; and a part that does not is found."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NotReconciled, PairRefused
from engine.modules.school_formula import SCHOOL_FORMULA
from engine.modules.top_ups import TOP_UPS
from engine.rules.compile import compile_rules
from engine.run import Outcome, evaluate
from engine.vocabulary import NOT_KNOWN, Reason
from tests.builders import banded, pupil, pupil_table, rule_set, school_table
from tests.engine.test_determinism import toy
from tests.formula_strategies import formula_rule_sets, pupils_at, schools
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils


@given(st.data(), banded_rule_sets())
def test_placements_add_to_pupils_and_what_is_not_known_is_counted(data, document):
    rules = compile_rules(document, document.effective.first)
    table = pupil_table(data.draw(pupils(parts_of(rules))), LABELS)
    try:
        outcome = evaluate(rules, pupils=table).top_ups
    except PairRefused:
        return
    for at in range(len(table.placement_la)):
        rows = slice(table.offsets[at], table.offsets[at + 1])
        assert outcome.placement_sum[at] == sum(outcome.amount[rows].tolist())
        unknown = [code for code in outcome.reason[rows] if code in NOT_KNOWN]
        assert outcome.placement_absent[at] == len(unknown)
    assert outcome.total == sum(outcome.amount.tolist())


@given(st.data(), formula_rule_sets())
def test_lines_add_to_a_school_and_placements_to_its_units(data, document):
    records = data.draw(schools(document, counted=True))
    outcome = evaluate(
        compile_rules(document, document.effective.first),
        school_table(records),
        pupil_table(data.draw(pupils_at(records))),
    )
    notional = outcome.notional
    for at in range(len(records)):
        parts = (
            sum(notional.amount[at].tolist())
            + int(notional.fringe[at])
            + int(notional.uplift[at])
            + int(notional.protection[at])
        )
        assert parts == notional.formula_total[at]
        own = sum(notional.notional[at].tolist()) + int(notional.fringe_notional[at])
        own += int(notional.uplift_notional[at]) + int(notional.protection_notional[at])
        assert own == notional.notional_total[at]


def outcomes():
    rules, schools_, table = toy(200)
    return evaluate(rules, school_table(schools_), table)


def one_more(values: np.ndarray) -> np.ndarray:
    changed = values.copy()
    changed.flat[0] += 1
    return changed


@pytest.mark.parametrize(
    "part",
    [
        "amount",
        "notional",
        "uplift",
        "protection",
        "uplift_notional",
        "formula_total",
        "notional_total",
    ],
)
def test_a_penny_too_many_in_a_school_is_found(part):
    outcome = outcomes()
    wrong = replace(outcome.notional, **{part: one_more(getattr(outcome.notional, part))})
    with pytest.raises(NotReconciled, match="of a school do not add"):
        Outcome(outcome.rules, {SCHOOL_FORMULA.name: wrong}).reconcile()


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("amount", "placements do not add to the pupils"),
        ("placement_sum", "placements do not add to the pupils"),
        ("placement_absent", "pupils not known do not add"),
    ],
)
def test_a_penny_or_a_pupil_too_many_in_a_placement_is_found(part, said):
    outcome = outcomes()
    wrong = replace(outcome.top_ups, **{part: one_more(getattr(outcome.top_ups, part))})
    with pytest.raises(NotReconciled, match=said):
        Outcome(outcome.rules, {TOP_UPS.name: wrong}).reconcile()


def paid(record: dict, prices=({"pounds": "12345.67"},), **rule) -> tuple[int, str]:
    """Return what is paid for one pupil, and why."""
    document = rule_set(**banded(list(prices), ("A",), **rule))
    outcome = evaluate(
        compile_rules(document, document.effective.first),
        pupils=pupil_table([pupil(band="A", **record)], ("A",)),
    ).top_ups
    return int(outcome.amount[0]), Reason(outcome.reason[0]).name


pence = st.integers(0, 5_000_000)


def pounds(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


@given(pence, pence, pence)
def test_a_floor_never_lowers_and_a_cap_never_raises_what_is_paid(price, floor, cap):
    prices = [{"pounds": pounds(price)}]
    plain, _ = paid({}, prices)
    floored, _ = paid({}, prices, floor=pounds(floor))
    capped, _ = paid({}, prices, cap=pounds(cap))
    assert floored == max(plain, floor)
    assert capped == min(plain, cap)


@given(pence, pence)
def test_a_threshold_inside_is_taken_off_and_outside_is_not(price, threshold):
    prices = [{"pounds": pounds(price)}]
    inside = {"pounds": pounds(threshold), "inside": True}
    outside = {"pounds": pounds(threshold), "inside": False}
    assert paid({}, prices, threshold=inside)[0] == max(0, price - threshold)
    assert paid({}, prices, threshold=outside)[0] == price


@pytest.mark.parametrize(
    ("setting", "pence_paid", "reason"),
    [
        pytest.param("mainstream", 634_567, "rate", id="a mainstream school meets the first part"),
        pytest.param("special", 1_234_567, "rate", id="elsewhere the whole cost is paid"),
        pytest.param(
            None, 0, "not_supplied", id="a setting not supplied is not taken for another one"
        ),
    ],
)
def test_a_threshold_by_setting(setting, pence_paid, reason):
    threshold = {"pounds": "6000", "inside": True, "settings": ["mainstream"]}
    assert paid({"setting": setting}, threshold=threshold) == (pence_paid, reason)
