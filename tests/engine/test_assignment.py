"""A profile is proved when it is read: no covered pupil is left out, and every row is used."""

import copy

import pytest

from engine.errors import RuleRefused
from engine.rules.load import rule_set_from
from tests.builders import banded, rule_set

ROWS = [
    {"when": {"setting": ["special"], "score": ["0-49"]}, "band": "A"},
    {"when": {"setting": ["special"], "score": ["50-100"]}, "band": "B"},
    {"when": {"score": ["0-100"]}, "band": "A"},
]


def table(rows, **stated):
    form = {
        "hit_policy": "first",
        "inputs": ["setting", "score"],
        "rows": copy.deepcopy(rows),
        **stated,
    }
    return rule_set(**banded([{"pounds": "1"}], ["A", "B"], {"table": form}))


def steps(*ranges, **stated):
    rows = [{"band": "A", "from": low, "to": high} for low, high in ranges]
    return rule_set(**banded([{"pounds": "1"}], ["A"], {"points": {"steps": rows, **stated}}))


def refusal(make, *arguments, **stated):
    with pytest.raises(RuleRefused) as refused:
        make(*arguments, **stated)
    return str(refused.value)


def test_a_table_that_covers_everything_is_read():
    assert table(ROWS).band_profile is not None


def test_a_gap_is_refused_with_a_counterexample():
    rows = [ROWS[0], {"when": {"setting": ["special"], "score": ["51-100"]}, "band": "B"}]
    text = refusal(table, rows, covers={"setting": ["special"]})
    assert "no row covers setting special, score 50;" in text


def test_a_counterexample_is_one_of_those_that_the_table_says_it_covers():
    rows = [{"when": {"score": ["0-49"]}, "band": "A"}, {"when": {"score": ["60+"]}, "band": "B"}]
    rows.append({"when": {"setting": ["mainstream"]}, "band": "A"})
    text = refusal(table, rows, covers={"setting": ["mainstream", "special"], "score": ["55-70"]})
    assert "no row covers setting special, score 55-59;" in text


def test_a_conversion_of_present_bands_is_read():
    parts = banded([{"pounds": "1"}], ["A", "B"], {"conversion": {"1": "A", "2": "A"}})
    assert rule_set(**parts).band_profile.assignment.conversion == {"1": "A", "2": "A"}


def test_a_gap_between_steps_is_refused_with_its_points():
    assert "no row covers points 10-14;" in refusal(steps, (0, 9), (15, 19))


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param(
            {"gaps": True}, id="where the publication leaves gaps and the document says so"
        ),
        pytest.param({"covers": ["0-9", "15-19"]}, id="outside what the steps say they cover"),
    ],
)
def test_a_gap_that_is_stated_is_read(stated):
    assert steps((0, 9), (15, 19), **stated).band_profile is not None


def test_points_above_the_last_step_may_be_asked_for():
    assert "points 20-24" in refusal(steps, (0, 19), covers=["0-24"])


def test_a_row_that_no_pupil_reaches_is_refused_by_its_number():
    text = refusal(table, [ROWS[2], *ROWS[:2]])
    assert "rows.1: is never used" in text
    assert "rows.2: is never used" in text


def test_two_rows_that_fit_one_pupil_are_named():
    assert "rows 2 and 3 both fit setting special, score 50-100;" in refusal(
        table, ROWS, hit_policy="unique"
    )


def test_the_line_of_a_dead_row_is_named_in_a_written_document():
    document = table(ROWS).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    document["band_profile"]["assignment"]["table"]["rows"].append(
        {"band": "B", "when": {"score": ["0-100"]}}
    )
    assert "rows.3" in refusal(rule_set_from, document)


STEPS = {"dimensions": {"one": {"weight": 1, "highest": 4}}, "steps": [{"band": "Z", "from": 0, "to": 4}]}  # fmt: skip
UNKNOWN_BAND = {
    "a price": ([{"band": "Z", "pounds": "1"}], None, {}),
    "a row of a table": (
        [{"band": "A", "pounds": "1"}],
        {"table": {"hit_policy": "first", "inputs": ["score"], "rows": [{"when": {}, "band": "Z"}]}},
        {},
    ),
    "a step of points": ([{"band": "A", "pounds": "1"}], {"points": STEPS}, {}),
    "a label that is converted": (
        [{"band": "A", "pounds": "1"}], {"conversion": {"old": "Z"}}, {},
    ),
    "what is added to a price": (
        [{"band": "A", "pounds": "1"}], None,
        {"modifiers": [{"label": "More", "percent": "1", "band": "Z"}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN_BAND)
def test_a_band_that_a_profile_does_not_list_is_refused_wherever_it_is_named(case):
    prices, assignment, tariff = UNKNOWN_BAND[case]
    for bands, is_refused in ((["A"], True), (["A", "Z"], False)):
        parts = banded(prices, bands, assignment)
        parts["band_profile"]["tariff"] |= tariff
        if not is_refused:
            assert rule_set(**parts).band_profile.bands == ("A", "Z")
            continue
        with pytest.raises(RuleRefused, match="band not found: Z; add it to 'bands'"):
            rule_set(**parts)


def test_a_band_of_which_there_are_two_is_refused():
    with pytest.raises(RuleRefused, match="duplicate band; keep one of each name"):
        rule_set(**banded([{"band": "A", "pounds": "1"}], ["A", "A"]))
