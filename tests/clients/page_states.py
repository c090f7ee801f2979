"""The pages, each in the states that a browser is to try: empty, with mistakes, with a result."""

from urllib.parse import urlencode

from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.app.pages.test_last_year import AFTER, BEFORE, PAGE, address

NARROW = {"width": 320, "height": 640}
BEDFORD = "/notional-sen/bedford-2022-23"
CALLS = {"sen_support_pupils": "140", "sen_support_cost": "3500", "ehc_plans": "31"}
RESULT = f"{WEST_SUSSEX}?{urlencode(STATEMENT | CALLS)}"
NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
PLANS = {
    "phase": "primary",
    "units_fsm6_primary": "10",
    "blanks": "none",
    "ehc_plans": "5",
    "sen_support_figure": "4000",
}
BUDGET = {
    "notional_sen": "34100",
    "sen_support_pupils": "10",
    "sen_support_cost": "1500",
    "ehc_plans": "5",
}
MISTAKES = {"phase": "primary", "units_fsm_primary": "many", "ehc_plans": "1.5"}
PERCENT = "schools_formula.factors.fsm6.primary.notional_percent"
TRIED = {"override": f"{PERCENT}=70"}
WRONG = {"try": PERCENT, "try_value": "lots"}
LESS = {"override": "targeted_funding.threshold=5000"}
TWO_PLANS = {
    "compare": "national-profile-candidate",
    "band_1": "1",
    "plans_1": "3",
    "setting_1": "mainstream",
    "other_band_1": "Targeted",
    "band_2": "2b",
    "plans_2": "2",
    "setting_2": "mainstream",
    "other_band_2": "Specialist 1",
    "start_2": "2025-09-01",
}
YEARS = {
    "la": "884", "percentages": "none", "percent_basic_entitlement_primary": "4.5",
    "percent_fsm6_primary": "55", "percent_low_prior_attainment_primary": "100", "percent_lump_sum_all": "6",
}  # fmt: skip
LETTER = {
    "letter_notional": "12720.00",
    "letter_amount_fsm6_primary": "12720.00",
    "school": "An invented school",
}
PASTED = {
    "phase": "primary", "amount_fsm6_primary": "31800", "letter_notional": "31800.00",
    "letter_amount_fsm6_primary": "31800.00", "change": "yes",
}  # fmt: skip
THEN = address("/notional-sen/nff-2024-25", BEFORE | YEARS)
NOW = address("/notional-sen/nff-2025-26", AFTER | YEARS)
MORE = {"more_fsm6_primary": "2", "more_basic_entitlement_primary": "3"}
AHEAD = {
    f"{name}_{at}": text
    for at in (1, 2, 3)
    for name, text in (("uprating", "2.5"), ("pupils", "-1"))
}
RULES_OF_YEARS = {"before": "nff-2024-25", "after": "nff-2025-26"}
STATES = {
    "the start": "/",
    "the start with mistakes": "/?la=&year=&phase=",
    "an empty form": f"{BEDFORD}?phase=primary",
    "a form with mistakes": f"{BEDFORD}?{urlencode(MISTAKES)}",
    "a result": RESULT,
    "a result as the rules were known on a day": f"{NORTHUMBERLAND}?{urlencode(PLANS)}&known=2099-01-01",
    "an unconfirmed and incomplete result": f"{BEDFORD}?phase=primary&units_fsm6_primary=31",
    "a proposal for an all-through school": "/notional-sen/toy-2025-26?phase=all_through&blanks=none",
    "extra funding for many plans": f"{NORTHUMBERLAND}?{urlencode(PLANS)}",
    "the same figures under other rules": f"{NORTHUMBERLAND}/other-rules?{urlencode(PLANS)}",
    "a statement to paste": "/paste/northumberland-2025-26?phase=primary",
    "a letter to compare": f"/letter/northumberland-2025-26?{urlencode(PLANS)}",
    "a letter compared": f"/letter/northumberland-2025-26?{urlencode(PLANS | LETTER)}",
    "a form filled in from a statement": f"{NORTHUMBERLAND}?{urlencode(PASTED)}",
    "a result to check": "/check",
    "a result that cannot be checked": "/check?address=x&code=y",
    "two years to compare": PAGE,
    "a result to put beside another": f"/side-by-side?{urlencode({'first': NOW})}",
    "two results side by side": f"/side-by-side?{urlencode({'first': THEN, 'second': NOW})}",
    "results that cannot be compared": "/side-by-side?first=x&second=y",
    "pupils to change": f"{NORTHUMBERLAND}/pupils?{urlencode(PLANS)}",
    "pupils more or fewer": f"{NORTHUMBERLAND}/pupils?{urlencode(PLANS | MORE)}",
    "pupils that cannot be changed": f"{NORTHUMBERLAND}/pupils?{urlencode(PLANS | {'more_fsm6_primary': 'x'})}",
    "years ahead to assume": f"{NORTHUMBERLAND}/years-ahead?{urlencode(PLANS)}",
    "three years ahead": f"{NORTHUMBERLAND}/years-ahead?{urlencode(PLANS | AHEAD)}",
    "years ahead with mistakes": f"{NORTHUMBERLAND}/years-ahead?{urlencode(PLANS | {'pupils_1': 'x'})}",
    "rules to compare": "/rule-changes",
    "what changed between two years of rules": "/rule-changes?before=nff-2024-25&after=nff-2025-26",
    "what changed in the rules for a school": f"/rule-changes?{urlencode({'result': NOW} | RULES_OF_YEARS)}",
    "what changed since last year": f"{PAGE}?{urlencode({'then': THEN, 'now': NOW})}",
    "a budget to check": "/budget-check/windsor-and-maidenhead-2018-19",
    "a budget checked": f"/budget-check/windsor-and-maidenhead-2018-19?{urlencode(BUDGET)}",
    "a budget with mistakes": "/budget-check/toy-targeted-rate-2025-26?notional_sen=lots&pupils=x",
    "a middle school": "/notional-sen/northumberland-2015-16?phase=middle&blanks=none",
    "a number tried in the rules": f"{NORTHUMBERLAND}?{urlencode(PLANS | TRIED)}",
    "a number that cannot be tried": f"{NORTHUMBERLAND}?{urlencode(PLANS | WRONG)}",
    "a check with a number tried": f"/budget-check/windsor-and-maidenhead-2018-19?{urlencode(BUDGET | LESS)}",
    "the list of rules": "/rules",
    "rules of an authority": "/rules?authority=929&year=2015-16&kind=notional",
    "no rules found": "/rules?authority=929&kind=bands",
    "rules of a formula": "/rules/west-sussex-2021-22",
    "rules of bands": "/rules/national-profile-candidate",
    "rules found by words": "/rules?words=northumberland+2025",
    "drafts of rules": "/drafts",
    "a draft that is not there": "/drafts/toy-2025-26/9",
    "who did what": "/audit",
    "who did what to a rule set": "/audit?subject=bedford",
    "no event": "/audit?subject=nowhere",
    "the glossary": "/glossary",
    "where the data come from": "/data",
    "the privacy notice": "/privacy",
    "the page about cookies": "/cookies",
    "the accessibility statement": "/accessibility",
    "the list of bands": "/bands",
    "plans to enter": "/bands/solihull-2025-26",
    "plans by local and proposed bands": f"/bands/solihull-2025-26?{urlencode(TWO_PLANS)}",
    "plans with mistakes": "/bands/solihull-2025-26?band_1=1&plans_1=x",
    "one pupil to ask about": "/bands/solihull-2025-26/pupil",
    "the kinds of problems": "/problems",
    "a kind of problem": "/problems/pair-refused",
    "a page that is not there": "/no-such-page",
    "rules that are not there": "/rules/none-such",
}  # fmt: skip
