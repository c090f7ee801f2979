"""Rules tried on cases from Python: frames, records, files, and the worked examples of published rule sets."""

import polars as pl
import pytest

import evenband as eb
from engine.vocabulary import FIXTURES

OURS = FIXTURES / "examples" / "cases-of-bands.csv"


@pytest.fixture(scope="module")
def bands():
    return eb.read_rules("telford-and-wrekin-2025-26")


def test_a_file_a_frame_and_records_give_the_same_results(bands):
    frame = pl.read_csv(OURS, infer_schema=False)
    found = [eb.try_cases(bands, one) for one in (OURS, frame, frame.to_dicts())]
    kept = ["case", "column", "expected", "found", "difference", "as_expected", "why"]
    first, *others = (one.to_polars().select(kept) for one in found)
    assert all(first.equals(one) for one in others)
    assert {(one.as_expected, one.different) for one in found} == {(3, 1)}


def test_numbers_of_a_frame_are_expected_as_text_is(bands):
    frame = pl.DataFrame(
        {"band": [9], "sen_provision": "E", "setting": "mainstream", "paid": [1044]}
    )
    frame = frame.with_columns(
        pl.col("paid").cast(pl.Decimal(10, 2)) + pl.lit("0.85").cast(pl.Decimal(10, 2))
    )
    assert eb.try_cases(bands, frame).different == 0


def test_what_differs_is_printed_with_its_working_and_counts_alone_are_shown(bands):
    results = eb.try_cases(bands, OURS)
    text = str(results)
    assert "row 5, in special school: paid is 0.00; 2089.70 is expected (2089.70 less)" in text
    assert "Top-up for the year" in text
    assert repr(results) == (
        "<CaseResults: cases-of-bands.csv: 4 pupils: 3 as expected, 1 different>"
    )
    assert "2,089.70" not in results._repr_html_() or "in special school" in results._repr_html_()


def test_the_worked_examples_of_a_published_rule_set_are_found(bands):
    assert eb.try_cases(bands).different == 0
    dearer = bands.override({"band_profile.tariff.prices.band:9.pounds": "2000"})
    assert eb.try_cases(dearer).different == 1


def test_rules_without_worked_examples_are_refused_in_words():
    with pytest.raises(
        eb.PairRefused, match="no cases come with nff-2025-26; give a table of cases"
    ):
        eb.try_cases(eb.read_rules("nff-2025-26"))


def test_a_wrong_argument_is_refused_with_what_would_be_right(bands):
    with pytest.raises(ValueError, match="absent_lines is one of"):
        eb.try_cases(bands, OURS, absent_lines="nothing")
    for wrong in ({"header_row": 0}, {"header_row": "x"}, {"sheet": 2}):
        with pytest.raises((TypeError, ValueError), match=r"header_row|sheet is"):
            eb.try_cases(bands, OURS, **wrong)
    with pytest.raises(TypeError, match="rules are what read_rules returns"):
        eb.try_cases("telford-and-wrekin-2025-26", OURS)
