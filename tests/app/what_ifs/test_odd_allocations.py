"""Figures of an authority's own tables that are a hundred times too large are questioned, and paid as they are."""

import pytest

TERMS = {
    "la": "202", "floor_and_gains_elements": "44825449", "basic_entitlement_unit": "5656.28",
    "special_school_pupils": "386", "import_export_adjustment": "1752000", "special_free_schools": "54000",
    "hospital_pay_pension_supplementary": "4144724", "formula_before_gains_limit": "44825449",
}  # fmt: skip
SCHOOL = {
    "urn": "900001", "notional_sen": "60000.00", "ehc_plans": 6, "sen_support_pupils": 30,
}  # fmt: skip


def warned(client, path, body):
    answer = client.post(f"/v1/what-ifs/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return [one["sentence"] for one in answer.json()["warnings"]]


@pytest.mark.parametrize(("unit", "number"), [("5656.28", 0), ("565628", 1)])
def test_a_unit_value_of_a_block_in_pence_is_questioned(client, unit, number):
    rows = [TERMS | {"basic_entitlement_unit": unit}]
    body = {"rule_set": "dedicated-schools-grant-2023-24", "authorities": rows}
    found = warned(client, "high-needs-block", body)
    assert len(found) == number
    assert all("pounds or pence?" in one for one in found)


@pytest.mark.parametrize(
    ("wrong", "number"), [({}, 0), ({"notional_sen": "600.00"}, 1), ({"ehc_plans": 600}, 1)]
)
def test_a_budget_that_a_schools_plans_take_many_times_over_is_questioned(client, wrong, number):
    body = {
        "rule_set": "northumberland-2025-26", "sen_support_cost": "1500.00", "schools": [SCHOOL | wrong],
    }  # fmt: skip
    found = warned(client, "targeted-funding", body)
    assert len([one for one in found if "check both" in one]) == number
