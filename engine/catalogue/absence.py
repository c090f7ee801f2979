"""What a blank cell means, column by column: it is never zero."""

from engine.columns import LEVEL_PREFIX, SCHOOL_COLUMNS

ALWAYS = "never blank"
DECIDES = "not supplied: where the rules decide by it, the top-up is not known"
COUNTS = "not supplied: a line that counts it is not known for the pupil's school"
EITHER = "not supplied: the top-up or line that uses it is not known"
PRICES = "not supplied: a price that reads it is not known"
LINE = "not supplied: the line is not known, and is left out of the school's sums"
CALLS = "not supplied: the calls on the budget are not known"
PROTECTS = "not supplied: where the rules have a guarantee or a cap, its adjustment is not known"
YEARS = "the usual years of the phase; a middle school's are not known"

PUPILS = {
    "pupil_key": ALWAYS,
    "urn": "at no school: the pupil is counted at none",
    "la": ALWAYS,
    "year_group": EITHER,
    "sen_provision": DECIDES,
    "primary_need": DECIDES,
    "secondary_need": DECIDES,
    "setting": DECIDES,
    "fsm": COUNTS,
    "fsm6": COUNTS,
    "eal3": COUNTS,
    "mobility": COUNTS,
    "looked_after": COUNTS,
    "low_prior_attainment": COUNTS,
    "idaci": COUNTS,
    "score": DECIDES,
    "points": DECIDES,
    "level": PRICES,
    "support_hours": PRICES,
    "hours": "not supplied: where the rules pay by hours attended, the top-up is not known",
    "assessed_cost": PRICES,
    "exceptional_amount": PRICES,
    "group_size": PRICES,
    "requested": "not supplied: the start counts as it is given",
    "band": DECIDES,
    "top_up": "not supplied: where the rules protect against loss, the top-up is not known",
    "start": "paid since before the year",
    "end": "no last day",
    "parts_on_roll": "the dates say what is paid",
}
SCHOOLS = {
    "urn": ALWAYS,
    "la": "not supplied: the school is in no authority's group",
    "school_name": "no name is shown",
    "phase": ALWAYS,
    "primary_years": YEARS,
    "ks3_years": YEARS,
    "ks4_years": YEARS,
    "sen_support_pupils": CALLS,
    "sen_support_figure": "the pupils on SEN support times a cost are taken instead",
    "ehc_plans": CALLS,
    "sparsity_distance": "not supplied: where the rules measure it, the line is not known",
    "london_fringe": "not supplied: where the rules have a multiplier, what it adds is not known",
    "days_open": "open all year",
    "reception_difference": "not supplied: where the rules add it, the school's pupils are not known",
    "prior_budget": PROTECTS,
    "prior_pupils": PROTECTS,
}
OTHERS = {
    "la": ALWAYS,
    "urn": ALWAYS,
    "school_name": "no name is shown",
    "institution_group": "no group",
    "place_type": ALWAYS,
    "notional_sen": "not supplied: allowed where the rules compare with pupils alone",
    "ehc_plans": ALWAYS,
    "pupils": "not supplied: allowed where the rules do not compare with them",
    "expected_calls": "worked out from a cost of SEN support, where one is chosen",
    "sen_support_pupils": "not supplied: calls are not worked out",
}
PLACES = "refused, unless the kind of place has fewer periods; write 0 for none"
TERM = "refused; write 0 for none. A term that the rules work out may be blank"


def of_pupils(name: str) -> str:
    """Return what a blank cell of a pupil's column means."""
    return DECIDES if name.startswith(LEVEL_PREFIX) else PUPILS[name]


def of_schools(name: str) -> str:
    """Return what a blank cell of a school's column means; a column not registered is a line's."""
    return SCHOOLS[name] if name in SCHOOL_COLUMNS else LINE
