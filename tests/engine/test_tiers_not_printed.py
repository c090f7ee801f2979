"""Shares of tiers that are not printed: read, noted, printed in workings, and tried with a number."""

import polars as pl
import pytest

from engine.errors import RuleRefused
from engine.expected_calls import School, calls_statement
from engine.lab.imports.yaml_text import document_text
from engine.modules.module import Options
from engine.modules.targeted import TARGETED_FUNDING, targeted_statement
from engine.modules.targeted.working import targeted_working
from engine.rules.compile import compile_rules
from engine.rules.load import digest, load_rule_set, plain
from engine.rules.notes import document_notes
from engine.rules.override import FIRST_KNOWN, what_if
from engine.vocabulary import NOT_PRINTED, Missing
from tests.builders import all_year, rule_set

FIRST, SECOND = (
    {"consumed_percent": "100", "paid_percent": "50"},
    {"consumed_percent": NOT_PRINTED, "paid_percent": NOT_PRINTED},
)
RULE = {"label": "Extra", "pattern": "tiers", "threshold": "6000", "tiers": [FIRST, SECOND]}
PAID = "targeted_funding.tiers.1.paid_percent"


def document(*tiers):
    return rule_set(targeted_funding=RULE | {"tiers": list(tiers or RULE["tiers"])})


def working(rules, notional, plans):
    frame = pl.DataFrame({"urn": ["1"], "notional_sen": [notional], "ehc_plans": [plans]})
    outcome = TARGETED_FUNDING.allocate(rules, frame, Options(None))
    return outcome.valued[0], TARGETED_FUNDING.working(outcome, outcome.valued[0])


def test_each_share_that_is_not_printed_is_noted():
    notes = document_notes(document())
    assert [(one.type, one.place) for one in notes] == [
        ("not-printed", "targeted_funding.tiers.1.consumed_percent"), ("not-printed", PAID),
    ]  # fmt: skip
    assert notes[1].sentence == (
        f"{PAID} is not printed: an amount that depends on it is not known"
    )


def test_a_working_says_which_share_is_not_printed():
    rules = compile_rules(document())
    threshold = all_year(TARGETED_FUNDING.of(rules).threshold)
    calls = calls_statement(60_000_00, School(0, None, plans=20), threshold)
    found = targeted_working(targeted_statement(rules, calls, None), rules)
    shares = [(row.label, row.text) for row in found.rows if row.label.startswith("Share")]
    assert shares == [
        ("Share of the budget", "100"), ("Share that is paid", "50"),
        ("Share of the budget", NOT_PRINTED), ("Share that is paid", NOT_PRINTED),
    ]  # fmt: skip


def test_a_school_that_reaches_no_unprinted_share_is_known_with_its_steps():
    beyond = {"consumed_percent": "150", "paid_percent": NOT_PRINTED}
    school, found = working(compile_rules(document(FIRST, beyond)), "60000", "12")
    assert school.pence == 600_000
    assert ("Share that is paid", NOT_PRINTED) in [(row.label, row.text) for row in found.rows]
    school, _ = working(compile_rules(document(FIRST, beyond)), "60000", "20")
    assert school.missing is Missing.not_printed


def test_a_number_can_be_tried_for_a_share_and_is_known_with_it():
    tried = what_if(document(FIRST, {**SECOND, "consumed_percent": "150"}), [(PAID, "100")])
    assert [one.note for one in tried.trials] == [FIRST_KNOWN]
    school, _ = working(compile_rules(tried.document), "60000", "20")
    # 120,000 of calls: half of the 30,000 from the first tier on, and all of the 30,000 above it.
    assert school.pence == 4_500_000


def test_the_order_of_tiers_is_that_of_those_that_are_printed():
    last = {"consumed_percent": "90", "paid_percent": "75"}
    with pytest.raises(RuleRefused, match="rising order"):
        document(FIRST, SECOND, last)
    assert len(document(FIRST, SECOND, last | {"consumed_percent": "101"}).targeted_funding.tiers)


@pytest.mark.parametrize("text", ["", "unknown", "not known", "-5", "1e2"])
def test_another_word_for_a_share_is_refused_with_the_one_that_is_right(text):
    with pytest.raises(RuleRefused) as caught:
        document({**FIRST, "paid_percent": text})
    assert "or not printed" in str(caught.value.problems[0])


def test_an_empty_share_says_that_it_may_be_not_printed():
    text = document_text(plain(document(FIRST)))
    assert digest(load_rule_set(text)) == digest(document(FIRST))
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(text.replace("paid_percent: '50'", "paid_percent:"))
    assert str(caught.value.problems[0]).endswith(
        "is empty; give a number, or write not printed where the source gives no figure"
    )
