"""What an object shows of itself in a notebook: short, escaped, and nothing of a pupil unasked."""

import dataclasses
import re

import polars as pl
import pytest

import evenband as eb
from tests.evenband.conftest import NATIONAL, TEN_SCHOOLS

BEARABLE = 300
KEY = "a-key-that-nobody-asked-for"


@pytest.fixture(scope="module")
def shown(budgets):
    """Return one of every object that a user or an author of rules may print, by its name."""
    national = eb.read_rules(NATIONAL)
    rows = pl.DataFrame({
        "pupil_key": [KEY], "la": ["301"], "sen_provision": ["E"], "primary_need": ["ASD"],
        "setting": ["special"], "score": ["55"], "year_group": ["3"], "support_hours": ["20"],
    })  # fmt: skip
    pupils = eb.read_pupils(rows, national)
    top_ups = eb.value(national, pupils=pupils)
    comparison = eb.compare(top_ups, top_ups)
    schools = eb.read_schools(TEN_SCHOOLS, budgets.rules)
    return {
        "rules": national,
        "pupils": pupils,
        "schools": schools,
        "budgets": budgets,
        "top_ups": top_ups,
        "comparison": comparison,
        "explained school": eb.explain(budgets, 140132),
        "explained pupil": eb.explain(top_ups, KEY),
        "synthetic": eb.synth(20),
    }


def held(thing, depth=2):
    """Yield what an object holds, and what that holds: each that comes from our own packages."""
    yield thing
    if depth and dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            one = getattr(thing, field.name)
            if type(one).__module__.split(".")[0] in {"engine", "evenband"}:
                yield from held(one, depth - 1)


def test_every_object_names_itself_in_a_line_or_two(shown):
    for name, thing in shown.items():
        for one in held(thing):
            assert len(repr(one)) <= BEARABLE, f"{name}: {type(one)}"


def test_no_object_shows_a_key_or_an_amount_of_a_pupil_unasked(shown):
    amount = str(shown["top_ups"].top_up)
    assert amount not in {"0.00", "None"}
    for thing in shown.values():
        for one in held(thing):
            assert KEY not in repr(one)
    for name in ("pupils", "top_ups", "comparison", "explained pupil"):
        assert KEY not in str(shown[name])
        assert KEY not in shown[name]._repr_html_()
    assert amount not in repr(shown["pupils"]) + shown["pupils"]._repr_html_()


def test_html_is_whole_and_escaped():
    evil = eb.read_schools(
        pl.read_csv(TEN_SCHOOLS, infer_schema=False).with_columns(
            school_name=pl.lit("<script>alert('&')</script>")
        ),
        rules := eb.read_rules("northumberland-2015-16"),
    )
    html = eb.value(rules, schools=evil)._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    opened, closed = re.findall(r"<(\w+)", html), re.findall(r"</(\w+)", html)
    assert sorted(opened) == sorted(closed)


def test_a_table_of_many_schools_shows_the_first_ten_and_says_so(invented):
    rules = eb.read_rules("nff-2025-26")
    made = eb.synth(1000, schools=40)
    outcome = eb.value(rules, schools=eb.read_schools(made.schools, rules, absent_lines="zero"))
    assert "The first 10 of 40 schools" in str(outcome)
    assert outcome._repr_html_().count("<tr>") == 11


def test_an_explanation_prints_the_whole_working(budgets):
    explanation = eb.explain(budgets, 140132)
    assert "72,727.40" in str(explanation)
    assert "72,727.40" in explanation._repr_html_()
    frame = explanation.to_polars()
    assert frame.filter(row="Notional SEN budget")["value"].to_list() == ["72727.40"]
    assert explanation.not_known == 0
    assert explanation.sentence in str(explanation)


@pytest.mark.parametrize("subject", [999999, "999999", "nobody", "١٤٠١٣٢"])
def test_who_was_not_valued_is_not_explained_and_not_named(subject, budgets, top_ups):
    for outcome in (budgets, top_ups):
        with pytest.raises(eb.PairRefused, match="was valued") as refused:
            eb.explain(outcome, subject)
        assert str(subject) not in str(refused.value)


def test_nothing_to_value_or_to_show_says_what_to_give(budgets, top_ups):
    with pytest.raises(eb.PairRefused, match="values schools; give schools="):
        eb.value(budgets.rules)
    with pytest.raises(eb.PairRefused, match="no pupils are valued here"):
        budgets.to_polars("pupils")
    with pytest.raises(eb.PairRefused, match="no schools are valued here"):
        top_ups.to_polars("schools")


def test_adjustments_of_nothing_are_not_shown_and_what_is_not_known_is(budgets):
    assert "protection" not in str(budgets)
    assert "protection" in budgets.to_polars().columns
    toy = eb.read_rules("toy-2025-26")
    units = {f"units_{line.name}": "0" for line in toy.compiled.formula.lines if line.rate}
    amounts = {f"amount_{line.name}": "0" for line in toy.compiled.formula.lines if not line.rate}
    row = {"urn": "1", "phase": "primary", **units, **amounts}
    row["units_basic_entitlement_primary"] = "100"
    outcome = eb.value(toy, schools=eb.read_schools([row], toy))
    assert outcome.not_known > 0
    assert "not known" in str(outcome).split("protection")[1]
