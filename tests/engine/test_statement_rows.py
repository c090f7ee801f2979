"""Rows copied from statements: which line each is of, what its figures are, and that none is dropped in silence."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.letters.figure_meanings import Meaning
from engine.letters.pasted_cells import pasted_rows
from engine.letters.search import check_letter
from engine.letters.statement_answers import statement_answers
from engine.letters.statement_lines import NOT_A_LINE, SEVERAL, SUBTOTAL, TWICE
from engine.letters.statement_rows import read_statement
from engine.modules import AbsentLines, declare_absent
from engine.reading import school_table
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.vocabulary import FIXTURES, SchoolPhase
from tests.storm_size import draws

W1 = """Factor\tRate\tProportion\tPupils\tSubtotal\tNotional SEN %\tNotional SEN
KS3 basic entitlement\t£4,404.00\t1\t650\t£2,862,600.00\t10%\t£286,260.00
KS4 basic entitlement\t£4,963.00\t1\t376\t£1,866,088.00\t10%\t£186,608.80
Secondary IDACI D\t£580.00\t0.0019569472\t1026\t£1,164.54\t100%\t£1,164.54
Secondary IDACI F\t£310.00\t0.1232876712\t1026\t£39,212.88\t100%\t£39,212.88
Secondary FSM\t£460.00\t0.0828460039\t1026\t£39,100.00\t100%\t£39,100.00
Secondary FSM6\t£840.00\t0.1338100102\t1026\t£115,322.82\t100%\t£115,322.82
Secondary LPA\t£1,660.00\t0.27516387665447295\t1026\t£468,648.11\t100%\t£468,648.11
Secondary EAL3\t£1,485.00\t0.0038986355\t1026\t£5,940.00\t100%\t£5,940.00
Lump sum\t\t\t\t£117,800.00\t5%\t£5,890.00
Minimum per pupil funding\t\t\t\t£39,913.66\t10%\t£3,991.37
School budget share\t\t\t\t£5,555,790.01
Notional SEN budget\t\t\t\t\t\t£1,152,138.52
"""
W4 = """Basic entitlement 1,144,896
Deprivation
FSM  46,952
FSM6   63852
IDACI F 21062
IDACI E 1967
IDACI D 48,076
EAL 34348
Low prior attainment 188464
Lump sum 127000
Rates 32768
Total before de-delegation 1,709,385
Notional SEN 83831
"""
W6 = """NOR  1532
Basic entitlement  5423400
FSM  216394
IDACI  267132.49
Low prior attainment  279680.9
EAL 256.80
Lump sum 170000
Split sites 62267
Rates 55363.9
Notional SEN  476301
"""
TOOL = (
    "School\tNOR Primary\tFSM % Primary\tFSM6 % Primary\tIDACI F\tIDACI E Primary\tLow Attainment % new FT"
    "\tEAL 3 Primary\tMobility\tLump Sum\tSparsity\n"
    "A school\t210\t0.2286\t30.5%\t12\t18\t0.2795\t0.0333\t0\t145100\t0\n"
)
ENTITLEMENT = """1) Basic Entitlement (AWPU)\tAmount per pupil\tPupil Units\tSub Total\tNotional SEN (%)
Primary (Years R-6)\t£3,847.00\t210\t£807,870\t0%
Key Stage 3 (Years 7-9)\t£5,422.00\t150\t£813,300\t0%
2) Deprivation
FSM6 % Primary\t£1,060\t30\t£31,800\t100%
Sub Total\t\t\t£1,652,970
Mystery factor\t\t3\t£44
Lump sum\t\t\t(£145,100)
"""
STATEMENTS = {
    "west-sussex-2021-22": (W1, SchoolPhase.secondary),
    "bedford-2022-23": (W4, SchoolPhase.primary),
    "northumberland-2015-16": (W6, SchoolPhase.all_through),
}


@cache
def rules_of(name):
    [path] = (FIXTURES / "rules").glob(f"*/{name}.yaml")
    return compile_rules(load_rule_file(path))


def read(name, text, phase, choices=None):
    return read_statement(text, rules_of(name).formula, phase, choices)


def lines_of(statement):
    return {one.line.name: one for one in statement.lines}


def valued(name, text, phase, **more):
    """Return what a statement answers, and the outcome of these answers; what it does not print is none."""
    rules = rules_of(name)
    found = statement_answers(read(name, text, phase), rules.formula)
    record = {"urn": "100001", "phase": phase.name, **found.answers, **more}
    table = school_table(pl.DataFrame([record]), rules.wanted)
    table = declare_absent(rules.formula, table, AbsentLines.zero)
    return found, evaluate(rules, table).notional


LAST_YEAR = {"prior_budget": "5175278.74", "prior_pupils": "983"}
BOTH_WAYS = pytest.mark.parametrize("way", ["as copied", "without headings, signs and tabs"])


@BOTH_WAYS
def test_a_printed_statement_is_read_to_its_own_figures(way):
    plain = "\n".join(W1.splitlines()[1:]).replace("£", "").replace("\t", "  ")
    text = W1 if way == "as copied" else plain
    found, outcome = valued("west-sussex-2021-22", text, SchoolPhase.secondary, **LAST_YEAR)
    assert found.answers["units_low_prior_attainment_secondary"] == "282.318137"
    assert found.answers["units_fsm_secondary"] == "85"
    assert outcome.formula_total.tolist() == [5_555_790_01]
    assert outcome.notional_total.tolist() == [1_152_138_52]
    assert (found.printed.formula, found.printed.notional) == (5_555_790_01, 1_152_138_52)
    check = check_letter(outcome, 0, found.printed)
    assert check.comparison.is_same
    assert not check.comparison.unknown
    compared = [one for one in check.comparison.lines if one.notional.pence is not None]
    assert len(compared) == 10


@pytest.mark.parametrize(
    ("name", "notional", "within"),
    [("bedford-2022-23", 83_831_00, 1_00), ("northumberland-2015-16", 476_301_00, 1_00)],
)
def test_published_pounds_alone_give_the_published_budget(name, notional, within):
    text, phase = STATEMENTS[name]
    found, outcome = valued(name, text, phase)
    assert abs(int(outcome.notional_total[0]) - notional) <= within
    assert found.printed.notional == notional
    assert not found.unanswered


def test_a_sheet_that_lies_across_is_read_by_its_labels():
    statement = read("northumberland-2025-26", TOOL, SchoolPhase.primary)
    answers = statement_answers(statement, rules_of("northumberland-2025-26").formula).answers
    assert answers == {
        "units_basic_entitlement_primary": "210",
        "units_fsm_primary": "48.006",
        "units_fsm6_primary": "64.05",
        "units_idaci_f_primary": "12",
        "units_idaci_e_primary": "18",
        "units_low_prior_attainment_primary": "58.695",
        "units_eal_primary": "6.993",
        "units_mobility_primary": "0",
        "amount_sparsity": "0",
    }
    assert [one.label for one in statement.doubts] == ["EAL 3 Primary"]


def test_what_is_not_matched_is_listed_with_the_reason():
    statement = read("northumberland-2025-26", ENTITLEMENT, SchoolPhase.middle)
    assert {one.label: one.why_not for one in statement.not_read} == {
        "Sub Total": SUBTOTAL,
        "Mystery factor": NOT_A_LINE,
    }
    lines = lines_of(statement)
    assert lines["basic_entitlement_ks3"].value(Meaning.units) == 150
    assert lines["basic_entitlement_primary"].value(Meaning.percent) == 0
    assert lines["fsm6_primary"].value(Meaning.units) == 30
    assert lines["lump_sum"].value(Meaning.pounds) == -145_100
    again = read("northumberland-2025-26", ENTITLEMENT * 2, SchoolPhase.middle)
    assert sum(one.why_not == TWICE for one in again.not_read) == len(lines)
    unclear = read("northumberland-2025-26", "FSM6\t30", SchoolPhase.middle)
    assert [one.doubts or one.why_not for one in unclear.rows]


def test_all_pupils_of_several_phases_are_not_those_of_one():
    statement = read("northumberland-2015-16", W6, SchoolPhase.all_through)
    assert [(one.label, one.why_not) for one in statement.not_read] == [("NOR", SEVERAL)]


def test_a_number_that_may_be_pupils_or_pounds_is_asked_about_until_a_person_says():
    text = "FSM6 primary\t2120"
    [row] = read("northumberland-2025-26", text, SchoolPhase.primary).rows
    assert [(one.meaning, one.is_doubtful) for one in row.figures] == [(Meaning.pounds, True)]
    for meaning in (Meaning.units, Meaning.pounds):
        choices = {"figure_1_1": meaning.value}
        [row] = read("northumberland-2025-26", text, SchoolPhase.primary, choices).rows
        assert [(one.meaning, one.is_doubtful) for one in row.figures] == [(meaning, False)]


def test_a_person_chooses_the_line_of_a_row_or_leaves_it_out():
    text = "Our special factor\t12"
    chosen = read("northumberland-2025-26", text, SchoolPhase.primary, {"row_1": "idaci_f_primary"})
    assert lines_of(chosen)["idaci_f_primary"].value(Meaning.units) == 12
    left = read("northumberland-2025-26", "FSM6\t30", SchoolPhase.primary, {"row_1": "none"})
    assert not left.lines


def test_percentages_are_those_of_the_lines():
    found, _ = valued("west-sussex-2021-22", W1, SchoolPhase.secondary, **LAST_YEAR)
    assert found.percentages["basic_entitlement_ks3"] == 10
    assert found.percentages["fsm_secondary"] == Decimal(100)


CELLS = st.text(st.sampled_from("0123456789.,£%()- abFSMKeyStage\t|"), max_size=25)


@settings(max_examples=draws(150))
@given(st.lists(CELLS, max_size=12).map("\n".join))
def test_every_row_with_a_figure_is_answered_for(text):
    statement = read("northumberland-2025-26", text, SchoolPhase.middle)
    with_figures = [row.number for row in pasted_rows(text) if row.figures]
    assert [one.number for one in statement.rows] == with_figures
    for one in statement.rows:
        assert one.why_not or one.total or one.line
        assert replace(one) == one
