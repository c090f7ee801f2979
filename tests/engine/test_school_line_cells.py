"""A school table's cells are taken at their word, and what is lacking is refused at once."""

from dataclasses import replace

import pytest

from engine.errors import PairRefused
from engine.vocabulary import Presence
from tests.builders import NOT_APPLICABLE, pupil, pupil_table, school, school_table
from tests.engine.test_school_lines import WHOLE, valued


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
    assert named == ["idaci", "urn", "year_group", "units_extra"]


def test_a_line_that_one_amount_for_several_covers_is_known_though_its_own_cell_is_empty():
    covered = school(
        urn=1, amount_deprived="10", units_deprived_a_primary=None, units_basic_primary=10
    )
    table = school_table([covered, school(urn=2, **WHOLE, amount_deprived=None)])
    assert valued(table).absent_total.tolist() == [0, 0]


def test_a_lump_sum_of_another_kind_of_school_is_not_missed_where_its_cell_is_empty():
    kinds = {"primary": {"unit_value": "1000"}, "middle": {"unit_value": "5"}}
    lump_sum = {"label": "Lump sum", "counts": "school", **kinds}
    middle = {"phase": "middle", "primary_years": 1, "ks3_years": 3, "units_basic_ks3": 0}
    table = school_table([school(**middle, units_lump_sum_primary=None, **WHOLE)])
    assert valued(table, lump_sum=lump_sum).absent_total.tolist() == [0]


def test_what_is_withheld_at_a_special_school_is_no_part_of_a_formula_that_does_not_fund_it():
    table = school_table([school(phase="special", units_basic_ks3=None, **WHOLE)])
    withheld = table.presence["units_basic_ks3"].copy()
    withheld[:] = Presence.suppressed
    presence = {**table.presence, "units_basic_ks3": withheld}
    assert valued(replace(table, presence=presence)).absent_total.tolist() == [0]


def test_amounts_that_together_are_too_large_to_be_exact_are_refused():
    rates = {"label": "Rates", "counts": "amount", "all": {}}
    table = school_table([school(**WHOLE, units_basic_ks3=0, amount_rates=10**10)])
    with pytest.raises(PairRefused, match="too large"):
        valued(table, rates=rates)


def test_problems_stand_in_the_order_of_the_formula_s_lines():
    unpriced = {"label": "A", "counts": "pupils", "where": {"fsm": True}, "primary": {}}
    more = {"first": {"label": "F", "counts": "amount", "all": {}}, "second": unpriced}
    table = school_table([school(**WHOLE, units_basic_ks3=0, units_second_primary=1)])
    with pytest.raises(PairRefused) as refusal:
        valued(table, **more)
    columns = [one.column for one in refusal.value.problems]
    assert columns == ["amount_first", "units_second_primary"]
