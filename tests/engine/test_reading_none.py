"""None is an answer, and no blank: the word for it, and blanks of which it is stated that they mean none."""

import pytest

from engine.columns import PUPIL_COLUMNS
from engine.errors import TableRefused
from engine.reading import habits_of
from engine.vocabulary import NONE_WORDS, Idaci, Need, Presence, SecondaryNeed
from tests.single_cells import (
    DAY_FIRST,
    MONTH_FIRST,
    held,
    pupils,
    said,
    school,
    sentence,
)


@pytest.mark.parametrize("word", NONE_WORDS)
def test_none_is_an_answer_where_it_has_a_meaning(word):
    missing = PUPIL_COLUMNS["start"].missing
    assert held("secondary_need", word, "", "HI") == [
        SecondaryNeed.none,
        PUPIL_COLUMNS["secondary_need"].missing,
        Need.HI,
    ]
    assert held("fsm", word, "yes") == [0, 1]
    assert held("sen_provision", word) == [0]
    assert held("primary_need", word) == [PUPIL_COLUMNS["primary_need"].missing]
    assert held("idaci", word) == [Idaci.G]
    assert held("top_up", word) == held("support_hours", word) == [0]
    assert held("start", word) == held("end", word) == [missing]
    assert school("units_fsm_primary", word).values["units_fsm_primary"].tolist() == [0]
    assert school("ehc_plans", word).columns["ehc_plans"].tolist() == [0]


@pytest.mark.parametrize("name", ["year_group", "score", "level", "setting", "band"])
def test_none_is_refused_where_it_has_no_meaning(name):
    assert sentence(name, "none")


def test_a_blank_means_none_where_that_is_stated_and_a_symbol_still_does_not():
    stated = habits_of(None, ["secondary_need", "end", "fsm", "units_fsm_primary"], ())
    needs = pupils("secondary_need", "", None, " ", "c", "HI", habits=stated)
    missing = PUPIL_COLUMNS["secondary_need"].missing
    assert needs.columns["secondary_need"].tolist() == [0, 0, 0, missing, Need.HI]
    assert said(needs) == {"blank-means-none": 3, "suppressed-cells": 1}
    assert str(needs.notices[0]) == "pupils: 1 cell is suppressed (secondary_need 1)"
    assert held("fsm", "", "1", habits=stated) == [0, 1]
    lines = school("units_fsm_primary", "", "c", "5", habits=stated)
    assert lines.presence["units_fsm_primary"].tolist() == [0, Presence.suppressed, 0]


def test_what_is_stated_of_a_column_without_it_is_refused_by_name():
    with pytest.raises(
        ValueError, match=r"setting has no word for none; the columns are .*secondary_need"
    ):
        habits_of(None, ["setting"], ())
    with pytest.raises(ValueError, match="secundary_need is an unknown column"):
        habits_of(None, ["secundary_need"], ())
    with pytest.raises(ValueError, match=r"score has no pounds; the columns are .*assessed_cost"):
        habits_of(None, (), ["score"])
    with pytest.raises(ValueError, match="must be day-first or month-first"):
        habits_of("american", (), ())
    with pytest.raises(TableRefused, match="two orders of days"):
        DAY_FIRST | MONTH_FIRST
