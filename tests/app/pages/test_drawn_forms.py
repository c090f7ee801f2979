"""A form that is filled in to fit its rules says the budget that the engine works out, to the penny."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.pages.fields import Asks, Part, fields_of, formula_of
from app.pages.words import money
from engine.columns import SCHOOL_COLUMNS
from engine.errors import Refusal
from engine.modules import phases_counted
from engine.modules.school_formula.missing_lines import AbsentLines
from tests.app.engine_answers import schools_of
from tests.app.pages.test_notional_sen_page import words_of
from tests.rule_library import compiled, with_part
from tests.storm_size import is_whole

LEAST = 0.5
"""The share of forms that must be answered with a result, or no figure is tried."""

ANSWERS = {
    Asks.pupils: st.decimals(0, 300, places=2).map(str),
    Asks.units: st.decimals(0, 2, places=2).map(str),
    Asks.whole: st.integers(1, 7).map(str),
    Asks.miles: st.decimals(0, 9, places=2).map(str),
    Asks.multiplier: st.just("1.0156"),
    Asks.pounds: st.decimals(1, 900_000, places=2).map(str),
}
ROLL = st.integers(100, 900).map(str)


@st.composite
def forms(draw, rules):
    """Draw a filled-in form: a phase, the pupils of it, and an answer to each other question."""
    formula = formula_of(rules)
    phase = draw(st.sampled_from(phases_counted(formula)))
    fields = [one for one in fields_of(formula, phase) if one.part is not Part.calls]
    roll = {f"units_{name}" for name in formula.pupil_lines}
    return {"phase": phase.name} | {
        one.name: draw(ROLL if one.name in roll else _answer(one)) for one in fields
    }


def _answer(field):
    """Return what may be answered to a question: year groups up to the most of their stage."""
    if field.part is Part.years:
        return st.integers(1, SCHOOL_COLUMNS[field.name].highest).map(str)
    return ANSWERS[field.asks]


def budget(rules, form):
    """Return the pence that the engine makes of a form and whether all is known, or None where it refuses it."""
    try:
        outcome = schools_of(rules, [{"urn": "1", **form}], AbsentLines.not_supplied)
    except Refusal:
        return None
    return int(outcome.notional_total[0]), not outcome.absent_total[0]


def rule_sets():
    """Return the rule sets whose percentages are all theirs; those of others are a school's to enter."""
    return [
        one
        for one in with_part("schools_formula")
        if (formula := formula_of(compiled(one))) is not None
        and all(line.percent_is_printed for line in formula.lines)
    ]


def test_a_form_that_fits_its_rules_says_the_budget_of_the_engine(asking):
    shown, names = Counter(), rule_sets()

    @given(data=st.data(), name=st.sampled_from(names))
    @examples(max_examples=len(names) * 50 if is_whole() else 12)
    def check(data, name):
        rules = compiled(name)
        form = data.draw(forms(rules))
        expected = budget(rules, form)
        answer = asking.post(f"/notional-sen/{rules.document.identifier}", data=form)
        shown[answer.status_code] += 1
        if expected is None:
            assert answer.status_code == 422, answer.text
            return
        assert answer.status_code == 200, words_of(answer)
        pence, whole = expected
        partial = "Notional SEN budget: partial result" in words_of(answer)
        assert not (whole and partial), form
        figure = re.search(r'app-answer__figure">(.*?)<', answer.text)[1]
        assert figure == money(pence), form

    check()
    assert shown[200] >= LEAST * shown.total() > 0, shown


@pytest.mark.parametrize("wrong", ["", "many"])
def test_a_form_with_one_answer_spoilt_says_no_whole_budget(asking, wrong):
    rules = compiled("bedford-2022-23")
    form = {"phase": "primary", "units_basic_entitlement_primary": "210", "units_fsm6_primary": wrong}  # fmt: skip
    answer = asking.post(f"/notional-sen/{rules.document.identifier}", data=form)
    said = words_of(answer)
    partial = "Notional SEN budget: partial result" in said
    assert (answer.status_code, partial) == ((422, False) if wrong else (200, True))
