"""Rules for a part of a year say so in Python: as a warning, in the notes, and beside the name."""

import pytest

import evenband as eb
from engine.rules.load import canonical
from tests.builders import banded, rule_set

HALF = {"effective": {"first": "2025-04-01", "last": "2025-09-30"}}
YEAR = [{"name": "Year", "first": "2025-04-01", "last": "2025-09-30", "presence": "calendar_days"}]
PUPIL = {"pupil_key": "P1", "la": "201", "band": "A"}


def rules_of_a_part():
    parts = banded([{"pounds": "3650"}], ["A"])
    parts["top_up_rule"]["calendar"] |= {"periods": YEAR}
    return eb.read_rules(f"{canonical(rule_set(**parts, **HALF))}\n")


def test_a_result_by_rules_for_part_of_a_year_warns_which_part_is_paid():
    rules = rules_of_a_part()
    pupils = eb.read_pupils([PUPIL], rules)
    with pytest.warns(UserWarning, match="pays 183/365 of a year's price") as warned:
        outcome = eb.value(rules, pupils=pupils)
    assert [one.filename for one in warned] == [__file__]
    assert (str(outcome.top_up), len(outcome.notes)) == ("1830.00", 1)
    assert "183/365 of a year" in repr(outcome)


def test_only_rules_for_part_of_a_year_are_named_with_their_part():
    assert repr(rules_of_a_part()).endswith("each value from its own day, 183/365 of a year>")
    assert "of a year" not in repr(eb.read_rules("toy-2025-26"))
