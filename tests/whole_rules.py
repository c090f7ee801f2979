"""Invented rule sets with every part that a rule document can have, one for each way to find a band."""

from datetime import date

from tests.builders import banded, rule_set

VERIFIED = {"from": "2025-04-01", "source": "example", "standing": "verified"}
DAY = date(2025, 10, 1)
"""A day on which everything of these rules is in force."""

FACTOR = {
    "label": "Basic",
    "counts": "pupils",
    "primary": {"unit_value": "4000", "notional_percent": "5"},
}
FORMULA = {
    "area_cost_adjustment": "1.1",
    "fringe": True,
    "reception_uplift": True,
    "year_days": 365,
    "pupils_counted_by": "basic",
    "factors": {
        "basic": FACTOR,
        "others": {**FACTOR, "label": "Others"},
        "low_prior_attainment": {
            "label": "Low prior attainment",
            "counts": "pupils",
            "where": {"low_prior_attainment": True, "idaci": "B"},
            "only_above_percent": "6",
            "primary": {
                "unit_value": "1000",
                "blend": {"weight": "0.5", "new": "one", "old": "two", "assessed": ["three", "four"]},
            },
            "secondary": {"unit_value": "1000", "year_weights": {"year_7": "0.5", "year_reception": "1"}},
        },
        "sparsity": {
            "label": "Sparsity",
            "counts": "sparsity",
            "primary": {
                "unit_value": "50000",
                "sparsity": {"pupils_per_year": "21.4", "full_below": "10.7", "miles": "2", "tapers_from_miles": "1.6"},
            },
        },
        "rates": {"label": "Rates", "counts": "amount", "all": {}},
    },
    "minimum_per_pupil": {"primary": "4000", "ks3": "5000", "secondary": "5500", "notional_percent": "7"},
    "protection": {"guarantee_percent": "0.5", "cap_percent": "3", "scaling_percent": "50", "notional_percent": "8"},
    "expected_calls": {"high_needs_threshold": "6000"},
}  # fmt: skip
PRICES = [
    {"band": "A", "when": {"setting": ["special"]}, "pounds": "1000", "times_a_year": 3},
    {"band": "A", "pounds": "500", "pounds_each": "10", "each": "level", "each_step": "0.5", "shared_in_group": True},
    {
        "band": "B",
        "staffing": {
            "adults": [{"role": "Teacher", "salary": "40000", "on_costs_percent": "30", "number": "1.5"}],
            "pupils": "8",
        },
    },
    {"band": "C", "when": {"setting": ["special"]}, "units": "2.5", "times_a_year": "38.5", "fraction": "2/3"},
    {
        "band": "C", "when": {"setting": ["hospital"]}, "pounds_each": "7", "each": "support_hours",
        "each_above": "13", "each_up_to": "25", "fraction": "1/2",
    },
    {"band": "C", "assessed_cost": True},
]  # fmt: skip
TABLE = {
    "hit_policy": "first",
    "inputs": ["primary_need", "score"],
    "covers": {"score": ["0-100"]},
    "rows": [
        {"when": {"primary_need": ["ASD"], "score": ["50-100"]}, "band": "C"},
        {"when": {"score": ["0-49"]}, "band": "A"},
        {"when": {}, "band": "B"},
    ],
}
POINTS = {
    "gaps": True,
    "covers": ["1-30"],
    "dimensions": {"learning": {"weight": 2, "highest": 4, "label": "Learning"}},
    "steps": [{"band": "A", "from": 1, "to": 9}, {"band": "B", "from": 12, "to": 20}, {"band": "C", "from": 21, "to": 30}],
}  # fmt: skip
GREATEST = {
    "gaps": True,
    "combine": "highest",
    "dimensions": {"learning": {"highest": 4}, "speech": {"highest": 4}},
    "steps": [
        {"band": "A", "from": 0, "to": 2, "when": {"setting": ["special"]}},
        {"band": "B", "from": 0, "to": 2, "when": {"setting": ["mainstream"]}},
        {"band": "C", "from": 3, "to": 4},
    ],
}
CALENDAR = {
    "source": "example",
    "standing": "verified",
    "periods": [
        {"name": "Autumn", "first": "2025-04-01", "last": "2025-12-31", "weight": 4, "presence": "count_date", "count_on": "2025-10-02"},
        {"name": "Spring", "first": "2026-01-01", "last": "2026-03-31", "weight": 5, "presence": "school_days"},
    ],
    "terms": [{"name": "Spring", "first": "2026-01-05", "last": "2026-03-27"}],
    "closures": ["2026-02-16"],
}  # fmt: skip
RULE = {
    "pays_when": {"sen_provision": ["E"]},
    "part_time": {"full_time_hours": "25"},
    "threshold": {"pounds": "6000", "inside": True, "settings": ["mainstream"]},
    "protection": {"until": "2025-12-31", "pupil_percent": "90", "school_percent": "80"},
    "backdating": {"weeks": 20},
    "floor": "300",
    "cap": "50000",
    "calendar": CALENDAR,
}
ADDED = {
    "area_cost_adjustment": "1.05",
    "uprating_percent": [{"from": "2025-04-01", "value": "2"}, {"from": "2026-01-01", "value": "3"}],
    "uprated_to_nearest": "1",
    "unit_value": "450",
    "modifiers": [
        {"label": "Early years", "band": "A", "when": {"phase": ["early_years"]}, "percent": "10"},
        {"label": "Boarding", "pounds": "700"},
    ],
}  # fmt: skip
AUTHORITY = {
    "places": {
        "types": {
            "special": {
                "label": "Special",
                "annual": "10000",
                "periods": [{"name": "Summer", "months": 5}, {"name": "Rest", "months": 7}],
            },
            "sums": {"label": "Hospital", "periods": [{"name": "Summer", "months": 5}]},
        }
    },
    "high_needs_block": {
        "terms": {
            "history": {"label": "History"},
            "unit": {"label": "Unit", "times": "pupils"},
            "extra": {"label": "Extra"},
        },
        "additional": "extra",
        "additional_base": "base",
        "additional_rate": "0.04",
    },
}
TIERS = [{"consumed_percent": "50", "paid_percent": "25"}, {"consumed_percent": "100", "paid_percent": "75"}]  # fmt: skip
TARGETED = {
    "label": "Extra",
    "pattern": "tiers",
    "threshold": "6000",
    "means_percent": "50",
    "plans_per_hundred": "2.5",
    "tiers": TIERS,
    "pot": "90000",
}


def whole(assignment):
    parts = banded(PRICES, ["A", "B", "C"], assignment, **RULE)
    parts["band_profile"]["tariff"] |= ADDED
    parts |= {**AUTHORITY, "schools_formula": FORMULA, "targeted_funding": TARGETED}
    return rule_set(provenance=VERIFIED, **parts)


WHOLE = {
    "a decision table": whole({"table": TABLE}),
    "points": whole({"points": POINTS}),
    "points of the greatest need": whole({"points": GREATEST, "panel_may_decide": True}),
    "labels given": whole({"label_given": True}),
    "a conversion": whole({"conversion": {"1": "A", "2": "B"}}),
}
