"""The answers of an academy whose printed statement is a worked example."""

WEST_SUSSEX = "/notional-sen/west-sussex-2021-22"
# The statement's shares of 1,026 pupils, as numbers of pupils.
STATEMENT = {
    "phase": "secondary",
    "units_basic_entitlement_ks3": "650",
    "units_basic_entitlement_ks4": "376",
    "units_idaci_d_secondary": "2.007820",
    "units_idaci_f_secondary": "126.493151",
    "units_fsm_secondary": "85",
    "units_fsm6_secondary": "137.289070",
    "units_low_prior_attainment_secondary": "282.318137",
    "units_eal_secondary": "4",
    "prior_budget": "5175278.74",
    "prior_pupils": "983",
    "blanks": "none",
}
