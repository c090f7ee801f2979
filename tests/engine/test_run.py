"""A run: modules in order over years, each reading only what it names, of this year and of earlier ones."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest

from engine.errors import NotReconciled, PairRefused
from engine.modules.module import Module, Tables
from engine.modules.places import PLACES
from engine.modules.school_formula import SCHOOL_FORMULA
from engine.modules.targeted import TARGETED_FUNDING
from engine.reading import pupil_table, records
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledFormula
from engine.run import EVERYTHING, Run, Year, evaluate
from tests.builders import rule_set, school, school_table
from tests.pupil_files import WANTED
from tests.rule_library import compiled, with_part

PLACES_FRAME = pl.DataFrame(
    {"la": ["202"], "place_type": ["pre16_ap"], "places_1": ["3"], "places_2": ["2"]}
)


@dataclass(frozen=True)
class Growth:
    """What each school gained since last year, pence."""

    by_school: dict[int, int]

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` for a school that fell: in this test none does."""
        if min(self.by_school.values(), default=0) < 0:
            raise NotReconciled


class GrowthModule(Module[CompiledFormula, Growth]):
    """Compares each school's formula with last year's outcome."""

    name = "growth"
    compiled = CompiledFormula
    after = (SCHOOL_FORMULA,)

    def reads(self, part):
        return part.reads

    def rows(self, outcome):
        return Rows.of_records(
            "growth", {"urn": Shape.whole}, [{"urn": urn} for urn in outcome.by_school]
        )

    totals = rows

    def explanation(self, outcome, subject):  # noqa: ARG002 - explains nothing
        return None

    def value(self, inputs):
        now, then = inputs.of(SCHOOL_FORMULA), inputs.last_year(SCHOOL_FORMULA)
        if now is None or then is None:
            return None
        was = dict(zip(then.schools.urn.tolist(), then.formula_total.tolist(), strict=True))
        return Growth(
            {
                urn: total - was[urn]
                for urn, total in zip(
                    now.schools.urn.tolist(), now.formula_total.tolist(), strict=True
                )
                if urn in was
            }
        )


class Curious(GrowthModule):
    """Reads what it does not name."""

    name = "curious"
    after = ()


def year(first, value, urns=(100_001, 100_002)):
    """Give a year's rules with a lump sum, and schools."""
    days = {"first": f"{first}-04-01", "last": f"{first + 1}-03-31"}
    dated = {"from": days["first"], "source": "example", "standing": "proposed"}
    lump = {"label": "Lump sum", "counts": "school", "primary": {"unit_value": value}}
    pupils = {"label": "Pupils", "counts": "pupils", "primary": {"unit_value": "0"}}
    formula = {"pupils_counted_by": "pupils", "factors": {"pupils": pupils, "lump": lump}}
    document = rule_set(effective=days, provenance=dated, schools_formula=formula)
    return Year(
        compile_rules(document),
        Tables(schools=school_table([school(urn=urn, units_pupils_primary=0) for urn in urns])),
    )


GROWTH, CURIOUS = GrowthModule(), Curious()


def test_a_module_reads_last_year_s_outcome_by_school_and_the_first_year_has_none():
    run = Run((SCHOOL_FORMULA, GROWTH))
    first, second, third = run.over(
        [
            year(2024, "1000"),
            year(2025, "1250", (100_002, 100_003)),
            year(2026, "1250.01", (100_003,)),
        ]
    )
    assert first.of(GROWTH) is None
    assert second.of(GROWTH).by_school == {100_002: 25_000}
    assert third.of(GROWTH).by_school == {100_003: 1}


def test_what_a_module_yields_is_reconciled():
    with pytest.raises(NotReconciled):
        Run((SCHOOL_FORMULA, GROWTH)).over([year(2024, "1000"), year(2025, "999")])


def test_last_year_is_the_year_before_by_its_days_and_not_what_came_before_in_the_list():
    run = Run((SCHOOL_FORMULA, GROWTH))
    years = [year(2020, "1000"), year(2024, "1250"), year(2026, "1300"), year(2027, "1300.05")]
    assert [one.of(GROWTH) for one in run.over(years)[:3]] == [None, None, None]
    assert run.over(years)[3].of(GROWTH).by_school == {100_001: 5, 100_002: 5}


def test_last_year_is_none_where_the_module_valued_nothing_then():
    nothing = Year(year(2025, "1").rules, Tables())
    outcomes = Run((SCHOOL_FORMULA, GROWTH)).over([year(2024, "1000"), nothing, year(2026, "1")])
    assert [one.of(GROWTH) for one in outcomes] == [None, None, None]


YEAR = {
    2024: (2024, date(2024, 4, 1)),
    2025: (2025, date(2025, 4, 1)),
    "September": (2025, date(2025, 9, 1)),
}


@pytest.mark.parametrize(
    "years",
    [(2025, 2024), (2025, 2025), (2025, "September")],
    ids=["turned", "the same twice", "two days of one year"],
)
def test_years_out_of_order_and_two_outcomes_of_one_year_are_refused(years):
    valued = []
    for first, day in (YEAR[one] for one in years):
        one = year(first, "1000")
        valued.append(Year(compile_rules(one.rules.document, day), one.tables))
    with pytest.raises(ValueError, match="each year must begin after the one before it has ended"):
        Run((SCHOOL_FORMULA,)).over(valued)


def circle():
    """Give two modules of which each reads the other."""
    one, other = GrowthModule(), Curious()
    one.after, other.after = (other,), (one,)
    return one, other


@pytest.mark.parametrize(
    "modules",
    [(GROWTH, SCHOOL_FORMULA), (GROWTH,), circle(), circle()[::-1]],
    ids=["later", "not there", "circle", "circle turned"],
)
def test_a_module_that_reads_none_before_it_is_refused_when_the_list_is_made(modules):
    with pytest.raises(ValueError, match="must come after what it reads"):
        Run(modules)


def test_a_module_that_reads_itself_and_one_that_is_there_twice_are_refused():
    alone = GrowthModule()
    alone.after = (alone,)
    with pytest.raises(ValueError, match="growth must come after what it reads: growth"):
        Run((alone,))
    with pytest.raises(ValueError, match="schools_formula is there twice"):
        Run((SCHOOL_FORMULA, SCHOOL_FORMULA))


def test_a_module_reads_only_what_it_names():
    with pytest.raises(LookupError, match="curious does not say that it reads schools_formula"):
        Run((SCHOOL_FORMULA, CURIOUS)).over([year(2025, "1000")])


def test_the_short_form_is_the_run_of_one_year():
    one = year(2025, "1000")
    (outcome,) = EVERYTHING.over([one])
    short = evaluate(one.rules, one.tables.schools).notional
    assert outcome.notional.formula_total.tolist() == short.formula_total.tolist() == [100_000] * 2
    assert outcome.top_ups is None
    assert {*outcome.outcomes} == {SCHOOL_FORMULA.name}


def test_a_run_values_an_authority_s_own_tables_as_their_modules_do():
    rules = compiled("dedicated-schools-grant-2022-23")
    (outcome,) = EVERYTHING.over([Year(rules, Tables(frames={PLACES.name: PLACES_FRAME}))])
    alone = PLACES.allocate(rules, PLACES_FRAME)
    assert outcome.of(PLACES).total == alone.total > 0
    assert outcome.of(PLACES).rows.frame.equals(alone.rows.frame)
    assert outcome.of(TARGETED_FUNDING) is None


def test_a_table_for_which_the_rules_have_no_part_is_refused():
    tables = Tables(frames={PLACES.name: PLACES_FRAME})
    with pytest.raises(PairRefused, match="has no place funding"):
        EVERYTHING.over([Year(compiled("bedford-2022-23"), tables)])


def test_a_table_that_no_module_of_a_run_reads_is_refused():
    tables = Tables(frames={"place": PLACES_FRAME})
    with pytest.raises(ValueError, match="no module of this run reads a table of place"):
        EVERYTHING.over([Year(compiled("dedicated-schools-grant-2022-23"), tables)])


def test_rows_that_do_not_add_to_their_total_are_found():
    allocation = PLACES.allocate(compiled("dedicated-schools-grant-2022-23"), PLACES_FRAME)
    allocation.reconcile()
    wrong = replace(allocation, valued=())
    wrong.__dict__["rows"] = allocation.rows
    with pytest.raises(NotReconciled, match="rows of places"):
        wrong.reconcile()


@pytest.mark.parametrize("module", EVERYTHING.modules, ids=lambda module: module.name)
def test_every_module_says_which_columns_it_reads_and_what_a_blank_means(module):
    for name in with_part(module.name):
        reads = module.reads(module.of(compiled(name)))
        assert reads
        assert all(one.column and one.blank for one in reads)
    assert with_part(module.name)


def test_what_a_module_refuses_hides_nothing_that_another_refuses():
    """Schools without a column of a line hid pupils without a column that bands read."""
    rules = compiled("toy-2025-26")
    pupils = pupil_table(records([{"pupil_key": "a", "la": "301"}]), WANTED)
    schools = school_table([school()])
    with pytest.raises(PairRefused) as of_pupils:
        evaluate(rules, pupils=pupils)
    with pytest.raises(PairRefused) as of_both:
        evaluate(rules, schools, pupils)
    of_schools, of_the_others = of_both.value.parts
    assert {one.column for one in of_schools.problems} & {"fsm6", "idaci"}
    assert of_the_others.problems == of_pupils.value.problems
