"""Every argument is given something wrong: each is refused in plain words that say what would be right."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import evenband as eb
from tests.evenband.conftest import NATIONAL, NORTHUMBERLAND, TEN_SCHOOLS
from tests.plain_words import LIBRARY, WORDS

PLACE = "schools_formula.factors.fsm.primary.unit_value"
WRONG = {
    "read_rules source": lambda *_: eb.read_rules(3),
    "read_rules source, not given": lambda *_: eb.read_rules(None),
    "read_rules source, empty": lambda *_: eb.read_rules(""),
    "read_rules source, another's text": lambda *_: eb.read_rules("a\nb"),
    "read_rules on": lambda *_: eb.read_rules(NORTHUMBERLAND, on="2015-04-01"),
    "read_rules day, its older name": lambda *_: eb.read_rules(NORTHUMBERLAND, day="2015-04-01"),
    "read_rules on and day": lambda *_: eb.read_rules(
        NORTHUMBERLAND, on=date(2015, 4, 1), day=date(2015, 4, 1)
    ),
    "read_rules override": lambda *_: eb.read_rules(NORTHUMBERLAND, override=["x"]),
    "read_rules override place": lambda rules, _: rules.override({1: 1}),
    "read_rules override, no such place": lambda rules, _: rules.override({"x": 1}),
    "read_rules override value": lambda rules, _: rules.override({PLACE: "5%"}),
    "read_rules override value kind": lambda rules, _: rules.override({PLACE: True}),
    "Rules.at": lambda rules, _: rules.at("2015-04-01"),
    "Rules.at, another year": lambda rules, _: rules.at(date(1999, 1, 1)),
    "read_schools source": lambda rules, _: eb.read_schools(None, rules),
    "read_schools source, no table": lambda rules, _: eb.read_schools("schools.txt", rules),
    "read_schools rules": lambda *_: eb.read_schools(TEN_SCHOOLS, NORTHUMBERLAND),
    "read_schools absent_lines": lambda rules, _: eb.read_schools(
        TEN_SCHOOLS, rules, absent_lines="none"
    ),
    "read_schools layout": lambda rules, _: eb.read_schools(TEN_SCHOOLS, rules, layout=3),
    "read_schools sheet": lambda rules, _: eb.read_schools(TEN_SCHOOLS, rules, sheet=3),
    "read_pupils source": lambda rules, _: eb.read_pupils({"pupil_key": ["a"]}, rules),
    "read_pupils rules": lambda *_: eb.read_pupils(pl.DataFrame()),
    "value rules": lambda *_: eb.value(NORTHUMBERLAND, schools=None),
    "value schools": lambda rules, _: eb.value(rules, schools=TEN_SCHOOLS),
    "value pupils": lambda rules, _: eb.value(rules, pupils=pl.DataFrame()),
    "value threads": lambda rules, _: eb.value(rules, threads=-1),
    "value threads kind": lambda rules, _: eb.value(rules, threads=True),
    "value nothing": lambda rules, _: eb.value(rules),
    "Outcome.to_polars": lambda _, budgets: budgets.to_polars("school"),
    "compare baseline": eb.compare,
    "compare candidate": lambda _, budgets: eb.compare(budgets, None),
    "Comparison.to_polars": lambda _, budgets: eb.compare(budgets, budgets).to_polars("lines"),
    "Comparison.to_polars, pupils": lambda _, budgets: eb.compare(budgets, budgets).to_polars(
        "pupils"
    ),
    "explain outcome": lambda rules, _: eb.explain(rules, 140132),
    "explain subject": lambda _, budgets: eb.explain(budgets, None),
    "explain subject, nobody": lambda _, budgets: eb.explain(budgets, -1),
    "synth pupils": lambda *_: eb.synth("10"),
    "synth pupils, few": lambda *_: eb.synth(0),
    "synth pupils, negative": lambda *_: eb.synth(-5),
    "synth pupils, parts": lambda *_: eb.synth(100.5),
    "synth seed": lambda *_: eb.synth(100, seed=-1),
    "synth schools": lambda *_: eb.synth(100, schools=1000),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_refused_in_plain_words(wrong, rules, budgets):
    with pytest.raises((eb.Refusal, TypeError, ValueError)) as refused:
        wrong(rules, budgets)
    sentence = str(refused.value)
    found = LIBRARY.search(sentence) or WORDS.search(sentence)
    assert found is None, f"{found[0]!r} in {sentence!r}"
    assert " " in sentence


def test_a_day_with_a_time_is_its_day(rules):
    noon = datetime(2015, 9, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert rules.at(noon).day == date(2015, 9, 1)


def test_a_number_of_pupils_that_cannot_be_made_is_one_refusal_however_small():
    said = set()
    for pupils in (-5, 0, 9):
        with pytest.raises(eb.TableRefused) as refused:
            eb.synth(pupils)
        said.add(str(refused.value))
    assert len(said) == 1


PUPIL = {"pupil_key": "a", "la": 301}
BYTES = pa.Array.from_buffers(
    pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
)
WRONG_TABLES = {
    "pandas, half a character": lambda: pd.DataFrame(
        [{**PUPIL, "pupil_key": "CANARY\ud800"}], dtype=object
    ),
    "pandas, a number of 5,000 digits": lambda: pd.DataFrame([{**PUPIL, "la": 10**5000}]),
    "pandas, an array in a cell": lambda: pd.DataFrame([{**PUPIL, "la": np.arange(2)}]),
    "pandas, one column alone": lambda: pd.Series(["a"], index=["pupil_key"]),
    "Arrow, a name twice": lambda: pa.Table.from_arrays([pa.array(["1"])] * 2, ["la", "la"]),
    "Arrow, decimals of 70 digits": lambda: pa.table({"la": pa.array([1], pa.decimal256(70, 0))}),
    "Arrow, runs": lambda: pa.table({"la": pa.RunEndEncodedArray.from_arrays([1], ["301"])}),
    "Arrow, text that is none": lambda: pa.table({"pupil_key": BYTES}),
    "records, half a character": lambda: [{**PUPIL, "pupil_key": "CANARY\ud800"}],
    "records, half a character in a name": lambda: [{**PUPIL, "CANARY\ud800": "a"}],
    "records, a number for a name": lambda: [{**PUPIL, 1: "a"}],
    "records, a number of 5,000 digits": lambda: [{**PUPIL, "la": 10**5000}],
    "records, a decimal of a billion digits": lambda: [{**PUPIL, "la": Decimal("1E+999999999")}],
    "records, a decimal of a billion places": lambda: [{**PUPIL, "la": Decimal("1E-999999999")}],
}


@pytest.mark.parametrize("table", WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_a_table_that_no_reader_expects_is_refused_in_plain_words(table, capfd):
    with pytest.raises(eb.TableRefused) as refused:
        eb.read_pupils(table(), eb.read_rules(NATIONAL))
    sentence = str(refused.value)
    found = LIBRARY.search(sentence) or WORDS.search(sentence)
    assert found is None, f"{found[0]!r} in {sentence!r}"
    assert "CANARY" not in sentence
    assert capfd.readouterr().err == ""
