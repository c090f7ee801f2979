"""What a blank cell means in tables of places, of the high needs block and of targeted funding: never zero."""

from engine.columns import ALWAYS

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
