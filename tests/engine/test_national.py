"""One national document: values by authority, setting, phase and band, equal to a document of each authority."""

from collections import Counter
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain
from engine.modules.top_ups.pupil_prices import WITHOUT_RATE
from engine.modules.top_ups.steps import pupil_steps
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.steps import work_known
from engine.vocabulary import Reason
from tests.builders import pupil_table
from tests.engine.test_agreement_segments import changing_rule_sets, countable, pupils_of
from tests.engine.test_agreement_top_ups import valued, without_why
from tests.national_strategies import AUTHORITIES, national, of_authority
from tests.reference.top_ups import top_up, top_up_of_year
from tests.storm_size import draws, is_whole
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

DAYS = st.sampled_from([date(2025, 4, 1), date(2025, 9, 1)])


def of_several(records: list[dict], data) -> list[dict]:
    """Return pupils of several authorities."""
    return [{**one, "la": int(data.draw(st.sampled_from(AUTHORITIES)))} for one in records]


@settings(max_examples=draws(60))
@given(st.data(), national(banded_rule_sets()), DAYS)
def test_every_pupil_of_a_national_document_is_paid_what_the_reference_says(data, document, day):
    rules = compile_rules(document, day)
    records = of_several(data.draw(pupils(parts_of(rules))), data)
    expected = {one["pupil_key"]: top_up(document, day, one) for one in records}
    covered = [one for one in records if expected[one["pupil_key"]].reason != "no_band"]
    if covered:
        paid = valued(rules, pupil_table(covered, LABELS))
        assert paid == {key: without_why(expected[key]) for key in paid}


def test_kernel_reference_and_printed_steps_of_a_national_document_agree_in_a_year_that_changes():
    seen = Counter()

    @settings(max_examples=draws(60))
    @given(st.data(), national(changing_rule_sets()))
    def check(data, document):
        try:
            rules = compile_rules(document)
            records = of_several(data.draw(pupils_of(countable(rules.top_ups))), data)
            table = pupil_table(records, LABELS)
            outcome = evaluate(rules, pupils=table).top_ups
        except (PairRefused, RuleRefused):
            return
        by_key = {one["pupil_key"]: one for one in records}
        for at, key in enumerate(table.keys):
            reason, amount = Reason(int(outcome.reason[at])), int(outcome.amount[at])
            expected = top_up_of_year(document, by_key[key])
            assert (amount, reason.name) == (expected.amount, expected.reason)
            seen[reason] += 1
            if reason not in WITHOUT_RATE or reason is Reason.not_printed:
                steps, own = pupil_steps(outcome, at)
                assert work_known(steps, own) == (None if reason is Reason.not_printed else amount)

    check()
    # A day's few draws may miss a reason; all of them do not.
    needed = (Reason.no_value, Reason.rate) if is_whole() else ()
    assert seen
    assert all(seen[one] for one in needed), seen


SAME = {Reason.no_value: Reason.not_printed}
"""A row that is lacking is said in an authority's own document by a value that is not printed."""


@settings(max_examples=draws(60))
@given(st.data(), national(banded_rule_sets()), DAYS)
def test_a_national_document_pays_what_a_document_of_each_authority_pays_and_prints_the_same(
    data, document, day
):
    rules = compile_rules(document, day)
    records = of_several(data.draw(pupils(parts_of(rules))), data)
    whole = {}
    for la in AUTHORITIES:
        theirs = [one for one in records if one["la"] == int(la)]
        if theirs:
            own = compile_rules(of_authority(document, la), day)
            try:
                one = evaluate(own, pupils=pupil_table(theirs, LABELS))
            except PairRefused:
                return
            whole |= answers(one, theirs)
    assert whole
    assert answers(evaluate(rules, pupils=pupil_table(records, LABELS)), records) == whole


def answers(outcome, records: list[dict]) -> dict:
    """Return what is paid for each pupil and why, and the numbers of the working, by key."""
    top_ups = outcome.top_ups
    found = {}
    for one in records:
        key = one["pupil_key"]
        [at] = np.flatnonzero((top_ups.pupils.keys == key).to_numpy()).tolist()
        reason = Reason(int(top_ups.reason[at]))
        rows = []
        if reason not in WITHOUT_RATE:
            working = explain(outcome, key)
            rows = [
                (
                    row.operator,
                    row.label.partition(", ")[0].partition(" of ")[0],
                    row.value,
                    row.unit,
                )
                for part in working.workings
                if part.name == "top_up"
                for row in part.rows
            ]
        found[key] = (int(top_ups.amount[at]), SAME.get(reason, reason), rows)
    return found
