"""A pupil with several spells is one pupil wherever pupils are counted."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from engine.compare import compare
from engine.export import total_rows
from engine.reading import pupil_table
from engine.reading.text import records
from engine.rules.compile import pupil_columns
from engine.run import evaluate
from engine.statement import pupil_reasons, top_up_sums
from tests.rule_library import compiled

RULES = "telford-and-wrekin-2025-26"
AUTUMN = {"start": "2025-09-01", "end": ""}
SUMMER = {"start": "2025-04-01", "end": "2025-08-31"}
WHOLE = {"start": "", "end": ""}


def table(rows):
    base = {"la": "894", "sen_provision": "E", "setting": "mainstream"}
    return pupil_table(
        records([base | row for row in rows]), pupil_columns(compiled(RULES), counting=False)
    )


def spell(key, band, days):
    return {"pupil_key": key, "band": band, **days}


@cache
def pupils():
    return table(
        [
            spell("a", "9", SUMMER),
            spell("a", "12", AUTUMN),
            spell("b", "10", WHOLE),
            spell("c", "", SUMMER),
            spell("c", "9", AUTUMN),
        ]
    )


def outcome(of=None):
    return evaluate(compiled(RULES), pupils=pupils() if of is None else of)


def test_totals_count_pupils_and_not_their_spells():
    (total,) = total_rows(outcome()).frame.filter(grouping="total").to_dicts()
    assert (total["number"], total["not_known"]) == (3, 1)
    statement, groups = top_up_sums(outcome().top_ups)
    assert (statement.pupils, statement.not_known) == (3, 1)
    assert [one.pupils for one in groups["la"]] == [3]


def test_a_pupil_who_lacks_a_band_in_two_spells_is_one_who_is_not_known():
    twice = table([spell("a", "", SUMMER), spell("a", "", AUTUMN), spell("b", "9", WHOLE)])
    (reason,) = pupil_reasons(outcome(twice).top_ups)
    assert (reason.part, reason.number) == ("band", 1)


def test_a_comparison_counts_pupils_and_what_all_their_spells_gain():
    change = compare(outcome(), outcome()).pupils
    assert (change.total.number, change.total.unchanged, change.total.absent) == (3, 2, 1)
    assert {one.number for kind in change.groupings for one in kind.groups} == {3}
    assert change.deciles == (0,) * 9


def test_pupils_at_no_school_of_the_table_are_counted_once():
    assert pupils().elsewhere_note(pupils().urns).startswith("3 pupils are at no school")


def test_without_spells_each_row_is_a_pupil():
    assert table([spell("a", "9", WHOLE), spell("b", "9", AUTUMN)]).members is None


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True), st.data())
def test_counts_of_pupils_add_to_those_of_the_file(keys, data):
    rows = []
    for key in keys:
        bands = data.draw(st.sampled_from([("9",), ("9", "12"), ("", "9"), ("9", "")]))
        days = (WHOLE,) if len(bands) == 1 else (SUMMER, AUTUMN)
        rows += [spell(key, band, one) for band, one in zip(bands, days, strict=True)]
    valued = outcome(table(rows))
    total = compare(valued, valued).pupils.total
    assert total.number == len(keys)
    assert total.winners + total.losers + total.unchanged + total.absent == len(keys)
    assert top_up_sums(valued.top_ups)[0].pupils == len(keys)
