"""Two academies' funding statements of 2025-26: national unit values by their area cost adjustment, as rates in whole pence.

A public script that reads such statements carries them as an example. Counts and rates are facts of the statements.
"""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from engine.modules import AbsentLines, declare_absent
from engine.reading import records, school_table
from engine.rules.compile_trials import compile_what_if
from engine.run import evaluate
from engine.statement import Statements
from tests.rule_library import document

RULES = "nff-2025-26.version-2"
ADJUSTMENT = Decimal("1.00017")
PENNY = Decimal("0.01")
LOCAL = {"primary": "3803.98", "ks3": "5361.39", "ks4": "6044.66"}
"""Rates of basic entitlement, which their authority scales: two are printed, that of key stage 4 is scaled like key stage 3."""

PRIMARY = {
    "basic_entitlement_primary": "210",
    "fsm_primary": "35",
    "fsm6_primary": "36",
    "idaci_b_primary": "2",
    "idaci_d_primary": "2",
    "idaci_e_primary": "48",
    "idaci_f_primary": "21",
    "low_prior_attainment_primary": "57.486",
    "eal_primary": "1.1667",
}
SECONDARY = {
    "basic_entitlement_ks3": "804",
    "basic_entitlement_ks4": "540",
    "fsm_secondary": "374",
    "fsm6_secondary": "379",
    "idaci_a_secondary": "89",
    "idaci_b_secondary": "98",
    "idaci_c_secondary": "3",
    "idaci_d_secondary": "141",
    "idaci_e_secondary": "34",
    "idaci_f_secondary": "224",
    "low_prior_attainment_secondary": "294.418",
    "eal_secondary": "20",
}
AMOUNTS = {
    "fsm_primary": "17327.80",
    "fsm6_primary": "38166.48",
    "idaci_b_primary": "1040.18",
    "idaci_d_primary": "890.16",
    "idaci_e_primary": "13682.40",
    "idaci_f_primary": "4935.84",
    "fsm_secondary": "185159.92",
    "fsm6_secondary": "589443.54",
    "idaci_a_secondary": "84564.24",
    "idaci_b_secondary": "73022.74",
    "idaci_c_secondary": "2085.36",
    "idaci_d_secondary": "89550.51",
    "idaci_e_secondary": "15302.72",
    "idaci_f_secondary": "76173.44",
    "eal_secondary": "31905.40",
}
LUMP_SUM = "145124.67"


def rate(value: str) -> str:
    """Return a national unit value by the area cost adjustment, a rate in whole pence as the statements print it."""
    return str((Decimal(value) * ADJUSTMENT).quantize(PENNY, ROUND_HALF_UP))


@pytest.fixture(scope="module")
def rules():
    """Give the national formula with the rates of the statements, as a what-if."""
    national = document(RULES)
    changes = {"lump_sum.all": LUMP_SUM} | {
        f"basic_entitlement.{stage}": value for stage, value in LOCAL.items()
    }
    for line in {*PRIMARY, *SECONDARY} - {f"basic_entitlement_{stage}" for stage in LOCAL}:
        factor, _, stage = line.rpartition("_")
        [given] = getattr(national.schools_formula.factors[factor], stage).unit_value
        changes[f"{factor}.{stage}"] = rate(given.value)
    return compile_what_if(
        national,
        [(f"schools_formula.factors.{one}.unit_value", value) for one, value in changes.items()],
    )


def statement(rules, phase: str, counts: dict[str, str]):
    row = {f"units_{line}": count for line, count in counts.items()}
    frame = records([{"urn": "1", "phase": phase, **row}])
    schools = declare_absent(rules.formula, school_table(frame, rules.wanted), AbsentLines.zero)
    outcome = evaluate(rules, schools).notional
    return Statements(outcome, None).whole(0)


def test_fifteen_lines_come_to_their_printed_pence(rules):
    found = {
        line.name: line.amount
        for phase, counts in (("primary", PRIMARY), ("secondary", SECONDARY))
        for line in statement(rules, phase, counts).lines
    }
    printed = {name: int(Decimal(amount) * 100) for name, amount in AMOUNTS.items()}
    assert len(printed) == 15
    assert {name: found[name] for name in printed} == printed


def test_the_primary_schools_total_is_two_pence_from_the_printed_one(rules):
    found = statement(rules, "primary", PRIMARY).formula
    assert abs(found - 1_088_255_20) <= 2


def test_the_secondary_schools_total_is_what_is_printed_but_for_the_rate_of_key_stage_4(rules):
    # A penny of that rate, which is not printed, is 5.40 pounds of 540 pupils.
    found = statement(rules, "secondary", SECONDARY).formula
    assert abs(found - 9_392_633_13) <= 540 // 2
