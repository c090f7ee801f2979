"""Tables of cases: what each row should come to, compared with what it comes to, to the penny."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases import CaseTable, Choices, case_results, case_tables, result_rows, table_reports
from engine.errors import PairRefused, TableRefused
from engine.modules import AbsentLines
from engine.money import pounds
from engine.reading import Limits
from engine.reading.markdown import read_markdown
from engine.reading.text import records
from tests.rule_library import compiled
from tests.worked_examples import files

BANDS = "telford-and-wrekin-2025-26"
SHIPPED = {path.name: (name, path) for name, path in files()}
NINE = {"band": "9", "sen_provision": "E", "setting": "mainstream", "paid": "1044.85"}
SCHOOL = {"phase": "primary", "units_basic_entitlement_primary": "200", "notional_sen": "1"}


def report(rules, *rows, **choices):
    return case_results(compiled(rules), CaseTable(records(rows)), Choices(**choices))


def sentences(rules, *rows):
    return [one.sentence for one in report(rules, *rows).results]


def tables(text):
    return [CaseTable(*one) for one in read_markdown(text.encode(), Limits())]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_worked_examples_of_a_published_rule_set_come_out(name):
    rules, path = SHIPPED[name]
    for one in table_reports(compiled(rules), case_tables(path)[0]):
        assert [result.sentence for result in one.different] == []
        assert one.cases_as_expected == one.cases > 0


def test_a_penny_is_a_difference_and_is_shown_with_its_working():
    found = report(BANDS, NINE | {"case": "the ninth band", "paid": "1044.86"})
    (one,) = found.different
    assert one.sentence == (
        "row 2, the ninth band: paid is 1044.85; 1044.86 is expected (0.01 less)"
    )
    assert [working.label for working in one.workings] == ["Band", "Top-up"]
    assert found.summary == "1 pupil: 0 as expected, 1 different"


@pytest.mark.parametrize(
    "text", ["1044.85", "£1,044.85", " 1,044.85 ", "1045 ± 1", "1044.80 +/- 0.05", "1044.850"]
)
def test_an_amount_is_read_as_officers_write_it(text):
    assert report(BANDS, NINE | {"paid": text}).different == ()


@pytest.mark.parametrize("text", ["1044.855", "about 1000", "1,04.85", "1044,85", "C", "--"])
def test_a_cell_that_says_nothing_that_can_be_expected_is_refused_by_row(text):
    with pytest.raises(TableRefused, match="row 2: paid: must be pounds such as"):
        report(BANDS, NINE | {"paid": text})


@pytest.mark.parametrize("text", ["not known", "unknown", "Not known", "not_known"])
def test_what_is_not_known_can_be_expected_and_is_not_nothing(text):
    blank = NINE | {"band": "", "paid": text, "expected_band": "none"}
    assert report(BANDS, blank).different == ()
    (one,) = report(BANDS, blank | {"paid": "0.00", "expected_band": ""}).different
    assert one.found_text == "not known"


def test_a_row_that_is_refused_is_a_result_and_hides_no_other():
    wrong = NINE | {"band": "17"}
    results = report(BANDS, NINE, wrong | {"paid": "refused"}, NINE | {"paid": "1"}, wrong).results
    assert [one.is_as_expected for one in results] == [True, True, False, False]
    assert [one.row for one in results] == [2, 3, 4, 5]
    assert results[3].found_text == "refused: unknown-label"
    assert results[3].found.sentences[0].startswith("band: must be one of 1, 2, 3")
    assert "17" not in results[3].sentence


def test_the_reason_of_a_refusal_can_be_expected():
    rows = [{"points": "110", "paid": text} for text in ("refused: no-band", "refused: blank")]
    results = report("herefordshire-2025-26", *rows).results
    assert [one.is_as_expected for one in results] == [True, False]


def test_band_price_and_reason_can_be_expected():
    row = NINE | {
        "start": "2025-09-01",
        "paid": "606.87",
        "expected_band": "9",
        "expected_annual_rate": "1044.85",
        "expected_reason": "rate",
    }
    assert report(BANDS, row).different == ()
    assert sentences(BANDS, row | {"expected_band": "8"})[1:2] == [
        "row 2: expected_band is 9; 8 is expected"
    ]


def test_rows_that_expect_nothing_are_counted_apart_and_counts_add():
    found = report(BANDS, NINE, NINE | {"paid": ""}, NINE | {"paid": "2"})
    assert found.counts == {
        "cases": 3, "as_expected": 1, "different": 1, "nothing_expected": 1, "set_apart": 0,
    }  # fmt: skip
    assert found.summary.endswith("1 as expected, 1 different, 1 expect nothing")


@pytest.mark.parametrize("text", ["1", "", None])
def test_a_table_without_any_input_is_of_pupils_of_whom_nothing_is_known(text):
    found = report(BANDS, {"case": "nothing", "paid": text}, {"case": "nothing", "paid": text})
    assert found.cases == 2
    assert [one.found_text for one in found.results] == ["not known"] * (2 if text else 0)


def test_what_a_table_leaves_out_is_said():
    assert report(BANDS, NINE).notices == ("not in the table, so read: la as 894",)
    lines = report("northumberland-2025-26", SCHOOL).notices
    said = "lines of the formula without a column, read as 0: fsm_primary"
    assert [one for one in lines if one.startswith(said)]


def test_a_sum_of_which_a_part_is_not_known_is_not_known_unless_the_row_expects_that():
    row = SCHOOL | {"units_low_prior_attainment_primary": ""}
    (one,) = report("northumberland-2025-26", row).results
    assert one.found_text == "not known"
    (one, _) = report(
        "northumberland-2025-26", row | {"expected_notional_sen_not_known": "1"}
    ).results
    assert one.found_text != "not known"


def test_a_line_without_a_column_may_be_not_known_instead():
    (one,) = report("northumberland-2025-26", SCHOOL, absent_lines=AbsentLines.not_supplied).results
    assert one.found_text == "not known"


def test_lines_and_expected_costs_of_a_school_can_be_expected():
    row = {
        "phase": "primary",
        "units_basic_entitlement_primary": "200",
        "ehc_plans": "2",
        "sen_support_pupils": "10",
        "expected_units_basic_entitlement_primary": "200",
        "expected_amount_lump_sum": "0",
        "expected_plan_calls": "12000",
        "expected_all_calls": "27000",
    }
    results = report("northumberland-2025-26", row, sen_support_cost=150_000).results
    found = {one.heading: one for one in results}
    assert not found.pop("expected_amount_lump_sum").is_as_expected
    assert all(one.is_as_expected for one in found.values())


def test_rates_of_places_and_terms_of_a_block_can_be_expected():
    places = {
        "place_type": "pre16_ap",
        "places_1": "3",
        "places_2": "2",
        "deduction": "24167",
        "expected_rate_1": "4166.67",
    }
    assert report("dedicated-schools-grant-2020-21", places).different == ()


@pytest.mark.parametrize(
    ("row", "refusal", "sentence"),
    [
        ({"band": "9"}, TableRefused, "no column says what is expected; head one paid"),
        (
            {"band": "9", "expected_bnad": "9"},
            TableRefused,
            "expected_bnad: is no result of these rules; did you mean expected_band?",
        ),
        (
            {"units_basic_entitlement_primary": "1", "budget": "9"},
            PairRefused,
            "these rules value pupils, and no table of them expects budget",
        ),
        (
            {"band": "9", "paid": "0", "budget": "9"},
            PairRefused,
            "these rules value pupils, and no table of them expects budget",
        ),
        ({"bnad": "9", "paid": "0"}, TableRefused, "bnad: unknown column; did you mean band?"),
        ({"band": "9", "Paid": "0"}, TableRefused, "Paid: unknown column; did you mean paid?"),
        (
            {"band": "9", "Expected Band": "9"},
            TableRefused,
            "Expected Band: unknown column; did you mean expected_band?",
        ),
    ],
)
def test_a_table_that_cannot_be_tried_is_refused_in_words(row, refusal, sentence):
    with pytest.raises(refusal) as refused:
        report(BANDS, row)
    assert sentence in str(refused.value)


def test_a_table_that_expects_results_of_pupils_and_of_schools_is_told_to_be_two():
    with pytest.raises(PairRefused) as refused:
        report("toy-2025-26", {"band": "A", "paid": "0", "budget": "9"})
    assert "no one table expects paid, budget: give " in str(refused.value)


def test_headings_that_are_ours_but_for_their_spelling_are_named_together_and_never_said_to_stand_twice():
    with pytest.raises(TableRefused) as refused:
        report(
            BANDS,
            {"Case": "a", "Band": "9", "SEN provision": "E", "setting": "mainstream", "paid": "0"},
        )
    assert [one.rule for one in refused.value.problems] == ["column-spelling"]
    assert "write band for 'Band', sen_provision for 'SEN provision'" in str(refused.value)
    with pytest.raises(TableRefused) as refused:
        report(BANDS, {"Band": "9", "Paid": "0"})
    assert [(one.rule, one.column) for one in refused.value.problems] == [
        ("column-spelling", "Paid"), ("column-spelling", None),
    ]  # fmt: skip
    assert "write band for 'Band'" in str(refused.value)
    with pytest.raises(TableRefused, match="did you mean expected_band"):
        report(BANDS, NINE | {"Expected band": "9"})


def test_a_case_is_named_by_its_column_however_its_heading_is_written():
    assert sentences(BANDS, NINE | {"Case": "the ninth band", "Note": "from the table"}) == [
        "row 2, the ninth band: paid is 1044.85, as expected"
    ]


def test_tables_of_markdown_are_tried_and_rows_are_numbered_by_line():
    text = """# Our bands

| Band | Pounds |
|---|---:|
| 9 | 1044.85 |

```
| band | paid |
|---|---|
```

| band | sen_provision | setting | paid |
|:--|---|---|--:|
| `9` | E | mainstream | **1044.85** |
| 10 | E | mainstream | 1 |
"""
    (only,) = table_reports(compiled(BANDS), tables(text))
    assert only.notices[0] == "1 table of the file without an expected result left out"
    assert [one.row for one in only.results] == [14, 15]
    assert [one.is_as_expected for one in only.results] == [True, False]


def test_a_row_of_markdown_with_too_many_cells_is_refused_by_line():
    with pytest.raises(TableRefused, match="row 3: has 3 cells; the first row has 2"):
        tables("| band | paid |\n|---|---|\n| 9 | 1 | 2 |\n")


def test_results_are_rows_with_what_is_expected_and_why_a_row_is_refused():
    found = report(BANDS, NINE, NINE | {"band": "17"})
    first, second = result_rows({"mine.csv": [found]}).frame.to_dicts()
    assert (first["file"], first["difference"], first["as_expected"]) == ("mine.csv", "0.00", "yes")
    assert second["as_expected"] == "no"
    assert second["why"].startswith("band: must be one of")


@given(
    st.lists(st.sampled_from(["9", "10", "16", "3", "", "17"]), min_size=1, max_size=8),
    st.lists(st.sampled_from(["", "2025-09-01", "2026-03-31"]), min_size=8, max_size=8),
    st.integers(0, 7),
)
def test_law_14_what_rules_give_is_as_expected_and_a_penny_more_is_not(bands, starts, changed):
    rows = [
        NINE | {"band": band, "start": start, "paid": "0"}
        for band, start in zip(bands, starts, strict=False)
    ]
    given_back = [one.found_text for one in report(BANDS, *rows).results]
    expected = [row | {"paid": found} for row, found in zip(rows, given_back, strict=True)]
    assert report(BANDS, *expected).different == ()
    at = changed % len(rows)
    (found,) = (one for one in report(BANDS, *expected).results if one.row == at + 2)
    if isinstance(found.found, int):
        expected[at] |= {"paid": pounds(found.found + 1)}
        (one,) = report(BANDS, *expected).different
        assert (one.row, one.difference_text) == (at + 2, "-0.01")
