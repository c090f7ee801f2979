"""Many values of a document that begins within its year: each comes to what the engine's own evaluation pays."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates.run import Run
from engine.candidates.seek import seek
from engine.candidates.values import Candidates, PathValues
from engine.errors import OverrideRefused
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import pupil, pupil_table
from tests.document_pairs import (
    CALENDARS,
    ONCE,
    WINTER,
    document,
    stays,
)


def test_the_values_that_come_to_a_total_are_all_found_though_totals_go_up_and_down():
    # What is paid is the difference of two rounded amounts: one may pass half a penny where the other does not.
    stays = [
        ("2026-07-26", "2027-02-28"),
        ("2026-08-09", "2026-10-10"),
        ("2026-06-01", "2026-09-07"),
    ]
    table = pupil_table(
        [
            pupil(
                pupil_key=f"pupil {at}",
                band="A",
                start=date.fromisoformat(start),
                end=date.fromisoformat(end),
            )
            for at, (start, end) in enumerate(stays)
        ],
        ["A"],
    )

    def total(pence):
        rules = compile_rules(document(WINTER, [{"pounds": f"{pence // 100}.{pence % 100:02d}"}]))
        return evaluate(rules, pupils=table).top_ups.total

    totals = {pence: total(pence) for pence in range(100_00, 100_80)}
    assert any(totals[pence + 1] < totals[pence] for pence in range(100_00, 100_79))
    rules, path = (
        compile_rules(document(WINTER, [{"pounds": "100"}])),
        "band_profile.tariff.prices.0.pounds",
    )
    for target in sorted(set(totals.values()))[5:40:17]:
        found = seek(rules, table, path, target, ("100", "100.79"))
        ties = {
            pence
            for one in found.exact
            for pence in range(
                *(int(Fraction(text) * 100) + end for end, text in enumerate(one[:2]))
            )
        }
        assert ties == {pence for pence, total in totals.items() if total == target}
        assert found.below.total == max(one for one in totals.values() if one < target)
        assert found.above.total == min(one for one in totals.values() if one > target)
    for bounds, words in (
        (None, "give the lowest and the highest"),
        (("0", "5000"), "fewer than 10,000"),
    ):
        with pytest.raises(OverrideRefused, match=words):
            seek(rules, table, path, 50_00, bounds)


@given(stays(), st.lists(st.integers(0, 300_000), min_size=1, max_size=3, unique=True))
@settings(max_examples=15)
def test_candidates_of_a_second_document_come_to_what_the_engine_s_own_evaluation_pays(
    records, pence
):
    prices = [{"pounds": "1000.01"}, {"pounds": "77.77"}, ONCE]
    path = "band_profile.tariff.prices.0.pounds"
    rules = compile_rules(document(WINTER, prices, CALENDARS["uneven weeks"]))
    table = pupil_table([pupil(**{"band": "A", **one}) for one in records], ["A", "B", "C"])
    values = PathValues(path, np.asarray(pence, np.int64), 2)
    run = Run.of(rules, table, Candidates.of([values]))
    found = [int(total) for answer in run.answers() for total in answer.total]
    expected = [
        evaluate(
            compile_rules(document(WINTER, [{"pounds": values.text(at)}, *prices[1:]], CALENDARS["uneven weeks"])),
            pupils=table,
        ).top_ups.total
        for at in range(len(pence))
    ]  # fmt: skip
    assert found == expected
