"""Each authority's published matrix, written as data, pays what the authority says it pays."""

import json
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from engine.errors import PairRefused
from engine.money import pounds
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.vocabulary import FIXTURES, Reason, Setting
from tests.builders import pupil, pupil_table
from tests.programs import BESIDE, or_leave_out

MATRICES = BESIDE / "cases" / "top_ups_and_bands.json"
RULES = {path.stem: path for path in (FIXTURES / "rules").rglob("*.yaml")}
PLAN = {"sen_provision": "E", "setting": "mainstream"}
PROVISION = {"GSP": "K", "EHCP": "E"}


def rules_of(name):
    return load_rule_file(RULES[name])


@cache
def devon():
    return rules_of("devon-special-schools-2023-24")


def urn_in_devon(school):
    """Return the URN of a special school that Devon names."""
    [urn] = (
        urn
        for price in devon().band_profile.tariff.prices
        if price.note == school
        for urn in price.when["urn"]
    )
    return int(urn)


PUPILS = {
    "herefordshire-matrix": (
        "herefordshire-2025-26",
        lambda said: {
            "points": said["points"],
            "hours": said["hours"],
            "parts_on_roll": said["terms"],
        },
    ),
    "telford-ehcp-16": (
        "telford-and-wrekin-2025-26",
        lambda said: {"band": said["band"], **PLAN},
    ),
    "devon-special": (
        "devon-special-schools-2023-24",
        lambda said: {
            "urn": urn_in_devon(said["school"]),
            "setting": "special",
            "parts_on_roll": said["months"],
        },
    ),
    "shropshire-increments": (
        "shropshire-2025-26",
        lambda said: {
            **PLAN,
            "sen_provision": PROVISION[said["ladder"]],
            "level": Decimal(said["level"]),
        },
    ),
    "solihull-mainstream": ("solihull-2025-26", lambda said: {"band": said["band"], **PLAN}),
    "waltham-forest-band-f": (
        "waltham-forest-2018-19",
        lambda said: {
            "band": f"{said['band']} {said['level']}",
            "parts_on_roll": said["days_on_roll"],
        },
    ),
    "suffolk-ey": (
        "suffolk-early-years-2023-24",
        lambda said: {
            "band": said["band"],
            "support_hours": said["weekly_hours"],
            "parts_on_roll": said["terms"],
        },
    ),
    "lambeth-ey": (
        "lambeth-early-years-2025-26",
        lambda said: {"band": said["band"], "parts_on_roll": said["terms"]},
    ),
    "unattributed-three-band": ("three-band-guide", lambda said: {"band": said["band"]}),
}


def matrices():
    or_leave_out(MATRICES)
    return json.loads(MATRICES.read_text("utf-8"))["matrices"]


def paid(name, record, day=None):
    rules = compile_rules(rules_of(name), day)
    table = pupil_table([pupil(**record)], rules.top_ups.labels)
    return pounds(int(evaluate(rules, pupils=table).top_ups.amount[0]))


def test_every_example_of_every_published_matrix_is_paid_to_the_penny_or_refused():
    checked = 0
    for matrix in matrices():
        name, pupil_of = PUPILS[matrix["id"]]
        for example in matrix["tests"]:
            record = pupil_of(example["input"])
            if example["expect"].startswith("error"):
                with pytest.raises(PairRefused, match="row 2"):
                    paid(name, record)
            else:
                assert paid(name, record) == example["expect"], (matrix["id"], example)
            checked += 1
    assert checked == 25


def test_every_rate_of_devon_in_either_year_is_the_published_one():
    (matrix,) = (one for one in matrices() if one["id"] == "devon-special")
    assert matrix["rates"]
    for row in matrix["rates"]:
        school = {"urn": urn_in_devon(row["school"]), "setting": "special"}
        for year in ("2022-23", "2023-24"):
            day = date(int(year[:4]), 4, 1)
            record = school | {"parts_on_roll": 12}
            assert paid(devon().identifier, record, day) == row[year]


def test_a_rise_of_devon_is_a_sum_by_tier_and_no_percentage():
    rises = set()
    for price in devon().band_profile.tariff.prices:
        before, after = (
            devon().at(date(year, 4, 1)).latest(price.pounds).decimal for year in (2022, 2023)
        )
        rises.add(after - before)
    assert rises == {Decimal(324), Decimal(336)}


def test_a_school_that_devon_does_not_name_has_no_price():
    rules = compile_rules(devon())
    table = pupil_table([pupil(urn=100_001, setting="special")])
    outcome = evaluate(rules, pupils=table).top_ups
    assert (int(outcome.amount[0]), Reason(outcome.reason[0])) == (0, Reason.no_price)


@pytest.mark.parametrize("level", ["0.5", "1", "1.5", "2"])
def test_shropshire_pays_half_levels_without_a_plan(level):
    record = {"sen_provision": "K", "setting": "mainstream", "level": Decimal(level)}
    assert Decimal(paid("shropshire-2025-26", record)) == 1000 * Decimal(level)


def test_shropshire_refuses_a_half_level_with_a_plan_and_says_so_without_the_pupils_value():
    record = {**PLAN, "level": Decimal("1.5")}
    with pytest.raises(PairRefused) as refused:
        paid("shropshire-2025-26", record)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.row, problem.column) == ("step", 2, "level")
    assert "1.5" not in str(problem)


@pytest.mark.parametrize("setting", sorted(set(Setting.__members__) - {"mainstream"}))
def test_shropshire_pays_no_increment_outside_mainstream(setting):
    record = {"sen_provision": "E", "setting": setting, "level": 4}
    assert paid("shropshire-2025-26", record) == "0.00"


def test_a_rate_of_suffolk_is_multiplied_before_it_is_rounded_and_not_after():
    record = {"band": "complex", "support_hours": 10, "parts_on_roll": 3}
    assert paid("suffolk-early-years-2023-24", record) == "699.90"


def test_a_band_of_lambeth_that_is_paid_once_is_paid_whole_for_any_term():
    for terms, expected in ((0, "0.00"), (1, "1600.00"), (3, "1600.00")):
        record = {"band": "3", "parts_on_roll": terms}
        assert paid("lambeth-early-years-2025-26", record) == expected
