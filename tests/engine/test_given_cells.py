"""A school table's cells are taken at their word, and what is lacking is refused at once."""

from dataclasses import replace

import pytest

from engine.errors import PairRefused
from engine.vocabulary import Presence
from tests.builders import NOT_APPLICABLE, pupil, pupil_table, school, school_table
from tests.engine.test_given import WHOLE, valued


@pytest.mark.parametrize(
    ("cell", "total", "absent"),
    [
        pytest.param(None, 102_000, 1, id="an empty cell is not known"),
        pytest.param(NOT_APPLICABLE, 102_000, 0, id="one that does not apply is nothing"),
        pytest.param("0.5", 152_000, 0, id="one with a number is that"),
    ],
)
def test_a_lump_sum_that_the_table_has_a_column_for_is_what_its_cells_say(cell, total, absent):
    outcome = valued(school_table([school(units_lump_sum_primary=cell, **WHOLE)]))
    assert outcome.formula_total.tolist() == [total]
    assert outcome.absent_total.tolist() == [absent]


@pytest.mark.parametrize(("cell", "absent"), [(None, 2), (NOT_APPLICABLE, 0)])
def test_one_amount_for_several_lines_that_is_empty_leaves_them_not_known(cell, absent):
    table = school_table([school(units_basic_primary=10, amount_deprived=cell)])
    pupils = pupil_table([pupil(urn=100_001, year_group=3, idaci="A")])
    outcome = valued(table, pupils)
    assert outcome.formula_total.tolist() == [200_000]
    assert outcome.absent_total.tolist() == [absent]


def test_a_figure_that_is_withheld_is_not_known_whatever_the_phase_of_its_line():
    table = school_table([school(phase="secondary", units_basic_ks3=5, **WHOLE)])
    withheld = table.presence["units_basic_primary"].copy()
    withheld[:] = Presence.suppressed
    presence = {**table.presence, "units_basic_primary": withheld}
    outcome = valued(replace(table, presence=presence))
    at = [line.name for line in outcome.lines].index("basic_primary")
    assert outcome.absent[0, at] == 1


def test_a_distance_that_is_lacking_is_refused_with_the_other_columns():
    rule = {"pupils_per_year": "21.4", "full_below": "10.7", "miles": "2"}
    small = {
        "label": "Small",
        "counts": "sparsity",
        "primary": {"unit_value": "9", "sparsity": rule},
    }
    extra = {"label": "Extra", "counts": "units", "all": {"unit_value": "5"}}
    with pytest.raises(PairRefused) as refused:
        valued(school_table([school(**WHOLE)]), extra=extra, small=small)
    assert {one.column for one in refused.value.problems} == {"units_extra", "sparsity_distance"}


def test_columns_that_schools_and_pupils_lack_are_refused_together():
    extra = {"label": "Extra", "counts": "units", "all": {"unit_value": "5"}}
    with pytest.raises(PairRefused) as refused:
        valued(school_table([school()]), pupil_table([pupil()]), extra=extra)
    named = [problem.column for problem in refused.value.problems]
    assert named == ["year_group", "idaci", "urn", "units_extra"]
