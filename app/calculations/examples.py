"""Bodies that the description of the API shows; a test sends each to the service."""

from typing import Any

Examples = dict[str, Any]

SCHOOL = {
    "urn": "900001",
    "school_name": "A primary school",
    "phase": "primary",
    "units_basic_entitlement_primary": "210",
    "units_fsm_primary": "38",
    "units_fsm6_primary": "41",
    "units_low_prior_attainment_primary": "62.5",
    "sen_support_pupils": 30,
    "ehc_plans": 4,
}

PUPIL = {
    "pupil_key": "pupil-1",
    "la": "894",
    "urn": "900001",
    "sen_provision": "E",
    "primary_need": "ASD",
    "setting": "mainstream",
    "band": "12",
    "start": "2025-09-01",
    "end": "2025-12-19",
}

NOTIONAL_SEN: Examples = {
    "one_school": {
        "summary": "A primary school, one percentage moved",
        "description": "Lines that are not sent are declared to be nothing.",
        "value": {
            "rule_set": "northumberland-2025-26",
            "overrides": [
                {
                    "place": "schools_formula.factors.low_prior_attainment.primary.notional_percent",
                    "value": "60",
                }
            ],
            "schools": [SCHOOL],
            "absent_lines": "zero",
            "sen_support_cost": "1500.00",
            "explain": True,
        },
    },
    "not_known": {
        "summary": "The same school, where what is not sent is not known",
        "value": {
            "rule_set": "northumberland-2025-26",
            "schools": [SCHOOL],
            "absent_lines": "not_supplied",
        },
    },
}

TOP_UPS: Examples = {
    "autumn_term": {
        "summary": "A plan in band 12 for part of the year",
        "value": {
            "rule_set": "telford-and-wrekin-2025-26",
            "pupils": [PUPIL],
            "explain": True,
        },
    },
    "higher_price": {
        "summary": "The same plan, if band 12 paid more",
        "value": {
            "rule_set": "telford-and-wrekin-2025-26",
            "overrides": [{"place": "band_profile.tariff.prices.11.pounds", "value": "4500.00"}],
            "pupils": [PUPIL],
        },
    },
}

COMPARISON: Examples = {
    "local_to_national": {
        "summary": "A local band table against an invented national profile",
        "value": {
            "baseline": {"rule_set": "telford-and-wrekin-2025-26"},
            "candidate": {"rule_set": "national-profile-candidate"},
            "pupils": [
                {**PUPIL, "start": None, "end": None, "year_group": 4, "score": 45},
                {
                    **PUPIL,
                    "pupil_key": "pupil-2",
                    "start": None,
                    "end": None,
                    "year_group": 8,
                    "score": 15,
                },
            ],
        },
    },
    "one_percentage": {
        "summary": "One notional percentage moved",
        "value": {
            "baseline": {"rule_set": "northumberland-2025-26"},
            "candidate": {
                "rule_set": "northumberland-2025-26",
                "overrides": [
                    {
                        "place": "schools_formula.factors.basic_entitlement.primary.notional_percent",
                        "value": "6",
                    }
                ],
            },
            "schools": [SCHOOL],
            "absent_lines": "zero",
        },
    },
}
