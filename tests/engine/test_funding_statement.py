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
LOCAL = {"primary": "3803.98", "ks3": "5361.39"}
"""Rates of basic entitlement, which their authority scales, as the statements print them; that of key stage 4 is not known."""

KEY_STAGE_4 = ("6044.64", "6044.67")
"""The national value of key stage 4 scaled as primary pupils' is, and as key stage 3's is."""

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
    return rules_with(KEY_STAGE_4[0])


def rules_with(key_stage_4: str):
    national = document(RULES)
    changes = {"lump_sum.all": LUMP_SUM} | {
        f"basic_entitlement.{stage}": value
        for stage, value in {**LOCAL, "ks4": key_stage_4}.items()
    }
    for line in {*PRIMARY, *SECONDARY}:
        if line.startswith("basic_entitlement"):
            continue
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


def test_the_secondary_schools_total_is_between_those_of_either_scale_of_key_stage_4():
    low, high = (statement(rules_with(one), "secondary", SECONDARY).formula for one in KEY_STAGE_4)
    assert low < 9_392_633_13 < high
    # The rates are three pence apart, for 540 pupils.
    assert high - low == 540 * 3
